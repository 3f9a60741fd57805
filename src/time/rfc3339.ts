/** Numbers of a day, a time with or without a fraction, and an offset (RFC 3339, section 5.6). */
const FORM = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d):(\d\d))$/;

/** Milliseconds since 1970 as RFC 3339 in UTC: `2026-11-23T19:15:00.123Z`. */
export function formatRfc3339(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** RFC 3339 as milliseconds since 1970; undefined for anything else, a 30th of February or an hour 24 as well. */
export function parseRfc3339(text: string): number | undefined {
  const parts = FORM.exec(text)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  // Date.parse takes both, and moves them into the next day or month.
  const isReal = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!isReal || hour > 23 || minute > 59 || second > 59) return undefined;
  const atMs = Date.parse(text.toUpperCase().replace(' ', 'T'));
  return Number.isNaN(atMs) ? undefined : atMs;
}

function daysIn(year: number, month: number): number {
  const last = new Date(0);
  last.setUTCFullYear(year, month, 0);
  return last.getUTCDate();
}
