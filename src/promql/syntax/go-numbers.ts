// Hot path: one call per sample, or per pair of samples.

/** Go's `math.Pow`: unlike `**`, 1 to any power is 1, and so is -1 to an infinite one. */
export function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  return base ** exponent;
}

/** Go's `math.Max`: infinity is greater than NaN; else NaN wins. */
export function greaterOf(a: number, b: number): number {
  const infinity = Number.POSITIVE_INFINITY;
  return a === infinity || b === infinity ? infinity : Math.max(a, b);
}

/** Go's `math.Min`: minus infinity is less than NaN; else NaN wins. */
export function lesserOf(a: number, b: number): number {
  return -greaterOf(-a, -b);
}
