import { formatShort } from '../../samples/format-number.ts';
import type { Labels } from '../../samples/labels.ts';
import type { ExpectedAlert } from './test-file.ts';

interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The bits of a float as a number that grows with it. */
function ordinal(value: number): bigint {
  float[0] = value;
  const raw = bits[0]!;
  return raw >= 0n ? raw : -(raw & 0x7fff_ffff_ffff_ffffn);
}

/** Whether two values are equal; `fuzzy`: or neighbours among the floats, as `fuzzy_compare` of promtool has it. */
export function sameValue(a: number, b: number, fuzzy: boolean): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  if (a === b) return true;
  if (!fuzzy) return false;
  const apart = ordinal(a) - ordinal(b);
  return apart === 1n || apart === -1n;
}

/** What of two lists has no counterpart in the other; equal entries are paired off, so that two need two. */
function unpaired<T>(
  expected: readonly T[],
  got: readonly T[],
  same: (a: T, b: T) => boolean,
): { readonly missing: readonly T[]; readonly extra: readonly T[] } {
  const extra = [...got];
  const missing = expected.filter((wanted) => {
    const at = extra.findIndex((found) => same(wanted, found));
    if (at >= 0) extra.splice(at, 1);
    return at < 0;
  });
  return { missing, extra };
}

function difference<T>(
  expected: readonly T[],
  got: readonly T[],
  same: (a: T, b: T) => boolean,
  print: (item: T) => string,
): readonly string[] {
  const { missing, extra } = unpaired(expected, got, same);
  const lines = (mark: string, items: readonly T[]): string[] =>
    items.map((item) => `${mark} ${print(item)}`).sort();
  return [...lines('-', missing), ...lines('+', extra)];
}

/** The alerts that differ, as lines with `- ` (expected) and `+ ` (came). Empty: all as expected. */
export function compareAlerts(
  expected: readonly ExpectedAlert[],
  got: readonly ExpectedAlert[],
): readonly string[] {
  return difference(
    expected,
    got,
    (a, b) => a.labels.equals(b.labels) && a.annotations.equals(b.annotations),
    ({ labels, annotations }) =>
      annotations.size === 0
        ? labels.toString()
        : `${labels.toString()} annotations ${annotations.toString()}`,
  );
}

/** The samples that differ, in the same form. */
export function compareSamples(
  expected: readonly Sample[],
  got: readonly Sample[],
  fuzzy: boolean,
): readonly string[] {
  return difference(
    expected,
    got,
    (a, b) => a.labels.equals(b.labels) && sameValue(a.value, b.value, fuzzy),
    ({ labels, value }) => `${labels.toString()} ${formatShort(value)}`,
  );
}
