import { formatRfc3339 } from '../../../time/rfc3339.ts';

/** Numbers and times as the API of Prometheus writes them (util/jsonutil/marshal.go). */

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return undefined;
  return value > 0 ? '+Inf' : '-Inf';
}

/** Go's format `e` with the shortest digits: `1e+00`, `1.25e-07`. Values of alerts are written so. */
export function exponential(value: number): string {
  const text = special(value);
  if (text !== undefined) return text;
  const sign = Object.is(value, -0) ? '-' : '';
  return sign + value.toExponential().replace(/([+-])(\d)$/, '$10$2');
}

/** A sample's value: no exponent but for the very small and the very large. */
export function sampleValue(value: number): string {
  const size = Math.abs(value);
  // Within these bounds JavaScript writes the same shortest digits as Go.
  if (size >= 1e-6 && size < 1e21) return String(value);
  if (size === 0) return Object.is(value, -0) ? '-0' : '0';
  return exponential(value);
}

/** Milliseconds as seconds; the fraction has three digits or is left out. */
export function timestamp(timeMs: number): string {
  if (timeMs % 1000 === 0) return String(timeMs / 1000);
  const size = Math.abs(Math.round(timeMs));
  const fraction = String(size % 1000).padStart(3, '0');
  return `${timeMs < 0 ? '-' : ''}${Math.floor(size / 1000)}.${fraction}`;
}

/** A pair of time and value. */
export function pointText(timeMs: number, value: number): string {
  return `[${timestamp(timeMs)},"${sampleValue(value)}"]`;
}

/** What Prometheus shows for a time that never was. */
const NEVER = '0001-01-01T00:00:00Z';

/** RFC 3339 in UTC. */
export function instant(timeMs: number | undefined): string {
  return timeMs === undefined ? NEVER : formatRfc3339(timeMs);
}
