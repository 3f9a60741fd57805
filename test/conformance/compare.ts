import type { Value } from '../../src/promql/index.ts';
import { ALL_FEATURES } from './features.ts';
import { parseSeries } from '../../src/promql/syntax/parser/series-description.ts';
import type { EvalCommand, Steps } from './script.ts';

/** Relative tolerance of the suite (promqltest, defaultEpsilon). */
const EPSILON = 1e-6;
const MIN_NORMAL = 2 ** -1022;

/** True when two values count as equal (util/almost). */
export function almostEqual(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  if (a === b) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < MIN_NORMAL) return difference < EPSILON * MIN_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < EPSILON;
}

/** A bare number as the expected result of a scalar. */
function bareNumber(line: string | undefined): number | undefined {
  if (line === undefined || !/^[+-]?(?:\.?\d|inf|nan)/i.test(line) || /\s/.test(line)) return undefined;
  const [point] = parseSeries(`x ${line}`).points;
  return point?.kind === 'value' ? point.value : undefined;
}

function compareVector(value: Value, { results, expectations }: EvalCommand): string | undefined {
  if (value.kind !== 'vector') return `expected an instant vector, got ${value.kind}`;
  const isOrdered = expectations.some(({ kind }) => kind === 'ordered');
  const missing = new Map<string, { readonly value: number; readonly position: number }>();
  for (const [position, line] of results.entries()) {
    const { labels, points } = parseSeries(line, ALL_FEATURES);
    const [point] = points;
    missing.set(labels.key, { value: point?.kind === 'value' ? point.value : Number.NaN, position });
  }
  for (const [position, sample] of value.samples.entries()) {
    const expected = missing.get(sample.labels.key);
    if (expected === undefined) return `unexpected ${sample.labels.toString()} ${sample.value}`;
    if (!almostEqual(expected.value, sample.value)) {
      return `${sample.labels.toString()}: expected ${expected.value}, got ${sample.value}`;
    }
    if (isOrdered && expected.position !== position) {
      return `${sample.labels.toString()}: expected at position ${expected.position}, got ${position}`;
    }
    missing.delete(sample.labels.key);
  }
  return missing.size === 0
    ? undefined
    : `missing: line ${[...missing.values()][0]!.position + 1} of the result`;
}

function compareMatrix(
  value: Value,
  { results }: EvalCommand,
  { fromMs, stepMs }: Steps,
): string | undefined {
  if (value.kind !== 'matrix') return `expected a range vector, got ${value.kind}`;
  const found = new Map(value.series.map((series) => [series.labels.key, series]));
  for (const line of results) {
    const bare = bareNumber(line.split(/\s/)[0]) === undefined ? line : `{} ${line}`;
    const { labels, points } = parseSeries(bare, ALL_FEATURES);
    const expected = points.flatMap((point, i) =>
      point.kind === 'value' ? [{ timeMs: fromMs + i * stepMs, value: point.value }] : [],
    );
    const got = found.get(labels.key)?.points ?? [];
    found.delete(labels.key);
    const same =
      got.length === expected.length &&
      expected.every(({ timeMs, value: wanted }, i) => {
        const point = got[i]!;
        return point.timeMs === timeMs && almostEqual(wanted, point.value);
      });
    if (!same) {
      const show = (list: readonly { timeMs: number; value: number }[]): string =>
        list.map(({ timeMs, value: shown }) => `${shown}@${timeMs / 1000}`).join(' ');
      return `${labels.toString()}: expected ${show(expected)}, got ${show(got)}`;
    }
  }
  const extra = [...found.values()].find((series) => series.points.length > 0);
  return extra === undefined ? undefined : `unexpected series ${extra.labels.toString()}`;
}

/** What is wrong with a result, or undefined when it is as the case expects. */
export function compareResult(value: Value, command: EvalCommand): string | undefined {
  if (command.expectedString !== undefined) {
    const isSame = value.kind === 'string' && value.value === command.expectedString;
    return isSame ? undefined : `expected the string ${JSON.stringify(command.expectedString)}`;
  }
  if (command.query.kind === 'range') return compareMatrix(value, command, command.query);
  if (command.rangeVector !== undefined) return compareMatrix(value, command, command.rangeVector);
  const scalar = bareNumber(command.results[0]);
  if (scalar === undefined) return compareVector(value, command);
  if (value.kind !== 'scalar') return `expected a scalar, got ${value.kind}`;
  return almostEqual(scalar, value.value) ? undefined : `expected ${scalar}, got ${value.value}`;
}
