import { type Evaluation, PromqlError, type Value } from '../../../src/promql/index.ts';
import { Labels } from '../../../src/samples/labels.ts';
import type { ApiAnswer, ApiPoint } from './prometheus.ts';

/** An answer in a form that both sides can be brought into. */
export type Answer =
  | { readonly kind: 'error'; readonly type: 'bad_data' | 'execution'; readonly message: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'series'; readonly series: ReadonlyMap<string, readonly Point[]> };

interface Point {
  readonly timeMs: number;
  readonly value: number;
}

const SCALAR = '(scalar)';
/** Results may differ in the last bits: logarithms and the like are not the same in Go and in V8. */
const TOLERANCE = 1e-9;

/** Label sets in an error text may be others, where several are as wrong. */
function withoutLabels(message: string): string {
  return message.replaceAll(/\{[^}]*\}/g, '{}');
}

function pointOf([seconds, text]: ApiPoint): Point {
  const value =
    text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
  return { timeMs: Math.round(seconds * 1000), value };
}

/** What Prometheus says. */
export function theirAnswer(answer: ApiAnswer): Answer {
  if (answer.status === 'error') {
    const type = answer.errorType === 'bad_data' ? 'bad_data' : 'execution';
    // A duration that the query makes wrong is said with byte offsets, ours with line and column.
    const message = answer.error
      .replace(/^invalid parameter "query": /, '')
      .replace(/^\d+:\d+: (?=duration|division|modulo)/, '');
    return { kind: 'error', type, message: withoutLabels(message) };
  }
  const { data } = answer;
  if (data.resultType === 'string') return { kind: 'text', text: data.result[1] };
  if (data.resultType === 'scalar')
    return { kind: 'series', series: new Map([[SCALAR, [pointOf(data.result)]]]) };
  const series = data.result.map(({ metric, value, values }) => {
    const points = values ?? (value === undefined ? [] : [value]);
    return [Labels.from(metric).key, points.map(pointOf)] as const;
  });
  return { kind: 'series', series: new Map(series) };
}

function seriesOf(value: Value, timeMs: number): Answer {
  switch (value.kind) {
    case 'string':
      return { kind: 'text', text: value.value };
    case 'scalar':
      return { kind: 'series', series: new Map([[SCALAR, [{ timeMs, value: value.value }]]]) };
    case 'vector':
      return {
        kind: 'series',
        series: new Map(
          value.samples.map((sample) => [sample.labels.key, [{ timeMs, value: sample.value }]]),
        ),
      };
    case 'matrix':
      return {
        kind: 'series',
        series: new Map(value.series.map(({ labels, points }) => [labels.key, points])),
      };
  }
}

/** What we say. */
export function ourAnswer(evaluate: () => Evaluation, timeMs: number): Answer {
  try {
    return seriesOf(evaluate().value, timeMs);
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    if (error.kind === 'parse')
      return { kind: 'error', type: 'bad_data', message: withoutLabels(error.toString()) };
    const type = error.kind === 'request' ? 'bad_data' : 'execution';
    return { kind: 'error', type, message: withoutLabels(error.message) };
  }
}

function isClose(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  return a === b || Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b));
}

function show(points: readonly Point[] | undefined): string {
  return points?.map(({ timeMs, value }) => `${value}@${timeMs}`).join(' ') ?? 'nothing';
}

function isExecutionError(answer: Answer): boolean {
  return answer.kind === 'error' && answer.type === 'execution';
}

/** What is different between two answers, undefined when nothing is. */
export function difference(theirs: Answer, ours: Answer): string | undefined {
  // Of an execution that fails in two ways, either may be said.
  if (isExecutionError(theirs) && isExecutionError(ours)) return undefined;
  if (theirs.kind !== 'series' || ours.kind !== 'series') {
    const [wanted, got] = [JSON.stringify(theirs), JSON.stringify(ours)];
    return wanted === got ? undefined : `expected ${wanted}, got ${got}`;
  }
  for (const [key, points] of theirs.series) {
    const own = ours.series.get(key);
    const same =
      own?.length === points.length &&
      points.every(({ timeMs, value }, i) => own[i]!.timeMs === timeMs && isClose(value, own[i]!.value));
    if (!same) return `${key}: expected ${show(points)}, got ${show(own)}`;
  }
  const extra = [...ours.series.keys()].find((key) => !theirs.series.has(key));
  return extra === undefined ? undefined : `unexpected ${extra}`;
}

/** True when an answer has at least one point. */
export function hasPoints(answer: Answer): boolean {
  return (
    answer.kind === 'text' ||
    (answer.kind === 'series' && [...answer.series.values()].some(({ length }) => length > 0))
  );
}
