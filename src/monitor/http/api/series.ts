import type { Labels } from '../../../samples/labels.ts';
import type { LabelMatcher, Queryable, SeriesView } from '../../../samples/queryable.ts';
import type { Page } from '../http-server.ts';
import { inOrder } from './label-order.ts';
import { limitParam, matchersParam, MAX_TIME_MS, MIN_TIME_MS, optionalTimeParam } from './params.ts';
import { ApiError, invalidParameter, success } from './reply.ts';

/** Entries of an answer without a limit of its own: about 10 MB of text. */
const MAX_ITEMS = 50_000;
const TRUNCATED = 'results truncated due to limit';

function within(view: SeriesView, fromMs: number, toMs: number): boolean {
  if (view.to === view.from) return false;
  return view.times[view.from]! <= toMs && view.times[view.to - 1]! >= fromMs;
}

const same = (labels: Labels): Labels => labels;
const badData = (why: string): ApiError => new ApiError('bad_data', why);

/** The label sets that fit `match[]`, `start` and `end`, each once, in no order; without `match[]` all. */
function selected(request: URL, store: Queryable, fail = badData): readonly Labels[] {
  const fromMs = optionalTimeParam(request, 'start', MIN_TIME_MS);
  const toMs = optionalTimeParam(request, 'end', MAX_TIME_MS);
  const given = matchersParam(request, fail);
  const everything: readonly (readonly LabelMatcher[])[] = [[]];
  const found = new Map<string, Labels>();
  for (const matchers of given.length > 0 ? given : everything) {
    for (const view of store.select(matchers, fromMs, toMs)) {
      if (within(view, fromMs, toMs)) found.set(view.labels.key, view.labels);
    }
  }
  return [...found.values()];
}

function limited<T>(request: URL, items: readonly T[], show: (item: T) => unknown): Page {
  const limit = limitParam(request) || MAX_ITEMS;
  const truncated = items.length > limit;
  const shown = truncated ? items.slice(0, limit) : items;
  return success(shown.map(show), truncated ? { warnings: [TRUNCATED] } : {});
}

/** `/api/v1/series`: label sets. */
export function seriesPage(request: URL, store: Queryable): Page {
  if (!request.searchParams.has('match[]')) throw new ApiError('bad_data', 'no match[] parameter provided');
  const fail = (why: string): ApiError => invalidParameter('match[]', why);
  return limited(request, inOrder(selected(request, store, fail), same), (labels) => labels.toRecord());
}

/** `/api/v1/labels`: names of labels. */
export function labelsPage(request: URL, store: Queryable): Page {
  const names = new Set<string>();
  for (const labels of selected(request, store)) for (const [name] of labels.entries()) names.add(name);
  return limited(request, [...names].sort(), (name) => name);
}

/** Names that are no plain ones travel escaped: `U__http_2e_status` (prometheus/common, UnescapeName). */
function unescapeName(name: string): string {
  if (!name.startsWith('U__')) return name;
  const body = name.slice(3);
  const text = body.replaceAll(/__|_([0-9a-f]{1,6})_/gi, (whole, hex: string | undefined) => {
    if (hex === undefined) return '_';
    const code = Number.parseInt(hex, 16);
    return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
  });
  return text;
}

/** `/api/v1/label/<name>/values`. */
export function labelValuesPage(request: URL, store: Queryable): Page {
  const segment = request.pathname.split('/')[4] ?? '';
  let name: string;
  try {
    name = unescapeName(decodeURIComponent(segment));
  } catch {
    name = '';
  }
  if (name === '' || !name.isWellFormed()) {
    throw new ApiError('bad_data', `invalid label name: ${JSON.stringify(segment)}`);
  }
  const values = new Set(selected(request, store).map((labels) => labels.get(name)));
  values.delete('');
  return limited(request, [...values].sort(), (value) => value);
}
