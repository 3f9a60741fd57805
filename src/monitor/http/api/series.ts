import type { Labels } from '../../../samples/labels.ts';
import type { LabelMatcher, OnWork, Queryable, SeriesView } from '../../../samples/queryable.ts';
import type { Page } from '../http-server.ts';
import { AnswerText } from './answer-text.ts';
import { inOrder } from './label-order.ts';
import {
  limitParam,
  matchersOf,
  MAX_TIME_MS,
  MIN_TIME_MS,
  optionalTimeParam,
  selectorParams,
} from './params.ts';
import { MAX_TIMEOUT_MS, type QueryRunner } from './query-runner.ts';
import { ApiError, invalidParameter, successText } from './reply.ts';

/** Entries of an answer without a limit of its own: about 10 MB of text. */
const MAX_ITEMS = 50_000;
const TRUNCATED = 'results truncated due to limit';

function within(view: SeriesView, fromMs: number, toMs: number): boolean {
  if (view.to === view.from) return false;
  return view.times[view.from]! <= toMs && view.times[view.to - 1]! >= fromMs;
}

const same = (labels: Labels): Labels => labels;
const badData = (why: string): ApiError => new ApiError('bad_data', why);

/** Longest time that the search of one selector may take. */
const MAX_SELECT_MS = 500;
const STEPS_PER_LOOK = 10_240;

export interface SearchOptions {
  readonly store: Queryable;
  readonly runner: QueryRunner;
  /** A clock that only goes forward. */
  readonly monotonicMs: () => number;
}

/** Counts the steps of one search and ends it when it takes too long. */
function limitedTo(limitMs: number, monotonicMs: () => number): OnWork {
  const untilMs = monotonicMs() + limitMs;
  let steps = 0;
  return (more) => {
    steps += more;
    if (steps < STEPS_PER_LOOK) return;
    steps = 0;
    if (monotonicMs() > untilMs) throw new ApiError('timeout', 'query timed out in series search');
  };
}

/**
 * The label sets that fit `match[]`, `start` and `end`, each once, in no order; without `match[]` all. One request
 * after the other, each in slices, as queries are evaluated.
 */
async function selected(request: URL, search: SearchOptions, fail = badData): Promise<readonly Labels[]> {
  const { store, runner, monotonicMs } = search;
  const fromMs = optionalTimeParam(request, 'start', MIN_TIME_MS);
  const toMs = optionalTimeParam(request, 'end', MAX_TIME_MS);
  const texts = selectorParams(request, fail);
  const found = new Map<string, Labels>();
  const add = (matchers: readonly LabelMatcher[]): void => {
    for (const view of store.select(matchers, fromMs, toMs, limitedTo(MAX_SELECT_MS, monotonicMs))) {
      if (within(view, fromMs, toMs)) found.set(view.labels.key, view.labels);
    }
  };
  await runner.inTurn(MAX_TIMEOUT_MS, async (turn) => {
    if (texts.length === 0) add([]);
    for (const text of texts) {
      add(matchersOf(text, fail));
      await turn.pause();
    }
  });
  return [...found.values()];
}

function limited<T>(request: URL, items: readonly T[], show: (item: T) => unknown): Page {
  const limit = limitParam(request) || MAX_ITEMS;
  const text = new AnswerText();
  let count = 0;
  for (const item of items.slice(0, limit)) {
    const part = JSON.stringify(show(item));
    if (!text.fits(part)) break;
    text.add(part);
    count++;
  }
  return successText(`[${text.join()}]`, count < items.length ? { warnings: [TRUNCATED] } : {});
}

/** `/api/v1/series`: label sets. */
export async function seriesPage(request: URL, search: SearchOptions): Promise<Page> {
  if (!request.searchParams.has('match[]')) throw new ApiError('bad_data', 'no match[] parameter provided');
  const fail = (why: string): ApiError => invalidParameter('match[]', why);
  const found = await selected(request, search, fail);
  return limited(request, inOrder(found, same), (labels) => labels.toRecord());
}

/** `/api/v1/labels`: names of labels. */
export async function labelsPage(request: URL, search: SearchOptions): Promise<Page> {
  const names = new Set<string>();
  for (const labels of await selected(request, search))
    for (const [name] of labels.entries()) names.add(name);
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
export async function labelValuesPage(request: URL, search: SearchOptions): Promise<Page> {
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
  const found = await selected(request, search);
  const values = new Set(found.map((labels) => labels.get(name)));
  values.delete('');
  return limited(request, [...values].sort(), (value) => value);
}
