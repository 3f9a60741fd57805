import { parseRfc3339 } from '../../time/rfc3339.ts';
import { parseDurationMs } from '../../promql/syntax/durations.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;
const AGO = /^(?:now-)?(\d+[a-z][\da-z]*)$/;

/** A time in RFC 3339 or as Unix seconds, as milliseconds; undefined when the text is neither. */
export function parseTime(text: string): number | undefined {
  if (/^[+-]?\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  return parseRfc3339(text);
}

/** Also accepts `now`, `7d` or `now-7d` (ago), and `2026-11-24` (its beginning in UTC). */
export function parseMoment(text: string, nowMs: number): number | undefined {
  if (text === 'now') return nowMs;
  const agoMs = parseDurationMs(AGO.exec(text)?.[1] ?? '');
  if (agoMs !== undefined) return nowMs - agoMs;
  return parseTime(DAY.test(text) ? `${text}T00:00:00Z` : text);
}
