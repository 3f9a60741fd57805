/** Units of a duration from the biggest to the smallest; they must come in this order, each once. */
const UNITS: readonly (readonly [string, number])[] = [
  ['y', 31_536_000_000], // 365 days
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** Prometheus counts in nanoseconds of 63 bits: about 292 years. */
const MAX_MS = 2 ** 63 / 1e6;

export type DurationReading =
  { readonly ok: true; readonly ms: number } | { readonly ok: false; readonly message: string };

/** Reads `1h30m` as milliseconds; error texts are those of prometheus/common model.ParseDuration. */
export function parseDuration(text: string): DurationReading {
  const invalid = { ok: false, message: `not a valid duration string: ${JSON.stringify(text)}` } as const;
  if (text === '0') return { ok: true, ms: 0 };
  let ms = 0;
  let lastUnit = -1;
  for (const [, digits, unit] of text.matchAll(/(\d*)(\D*)/g)) {
    if (digits === '' && unit === '') continue;
    if (digits === '' || unit === '') return invalid;
    const index = UNITS.findIndex(([name]) => name === unit);
    if (index < 0) {
      return { ok: false, message: `unknown unit "${unit}" in duration ${JSON.stringify(text)}` };
    }
    if (index <= lastUnit) return invalid;
    lastUnit = index;
    ms += Number(digits) * UNITS[index]![1];
    if (ms > MAX_MS) return { ok: false, message: 'duration out of range' };
  }
  return text === '' ? { ok: false, message: 'empty duration string' } : { ok: true, ms };
}

/** As `parseDuration`: milliseconds, or undefined for what is no duration. */
export function parseDurationMs(text: string): number | undefined {
  const reading = parseDuration(text);
  return reading.ok ? reading.ms : undefined;
}

/** True when a number of seconds is none, or more than Prometheus can hold. */
export function isOutOfRange(seconds: number): boolean {
  return !(Math.abs(seconds) * 1000 <= MAX_MS);
}

/** Seconds as whole milliseconds, towards zero. */
export function truncateToMs(seconds: number): number {
  // 1.001 * 1000 and the like must not lose a millisecond, so a hair is added before the cut.
  return Math.trunc(seconds * 1000 + Math.sign(seconds) * 1e-6);
}

/** 5400000 → `1h30m`, as Prometheus prints durations. */
export function formatDurationMs(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 0) return `-${formatDurationMs(-ms)}`;
  let rest = ms;
  let text = '';
  for (const [unit, unitMs] of UNITS) {
    // Years and weeks only where nothing is left over, since days read better (common/model/time.go).
    if ((unit === 'y' || unit === 'w') && rest % unitMs !== 0) continue;
    const count = Math.floor(rest / unitMs);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs;
  }
  return text;
}
