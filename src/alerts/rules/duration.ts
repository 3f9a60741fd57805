import { formatDuration, parseDuration } from '../../promql/syntax/durations.ts';

/** Reads a duration as Prometheus writes it (`1h30m`, `15s`, `0`) into milliseconds; undefined when it is none. */
export function parseDurationMs(text: string): number | undefined {
  const reading = parseDuration(text);
  return reading.ok ? reading.ms : undefined;
}

/** Milliseconds as Prometheus writes them: 5400000 → `1h30m`, 0 → `0s`. */
export function formatDurationMs(valueMs: number): string {
  return formatDuration(valueMs);
}
