const UNITS = [
  ['y', 31_536_000_000],
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

// Each unit at most once, from the longest to the shortest (Prometheus, common/model/time.go).
const DURATION = new RegExp(`^${UNITS.map(([unit]) => `(?:(\\d+)${unit})?`).join('')}$`);

/** Reads a duration as Prometheus writes it (`1h30m`, `15s`, `0`) into milliseconds; undefined when it is none. */
export function parseDurationMs(text: string): number | undefined {
  if (text === '0') return 0;
  const match = text === '' ? null : DURATION.exec(text);
  if (!match) return undefined;
  let totalMs = 0;
  UNITS.forEach(([, unitMs], i) => {
    totalMs += Number(match[i + 1] ?? 0) * unitMs;
  });
  // Prometheus holds nanoseconds in 64 bits: about 292 years.
  return totalMs <= 9_223_372_036_854 ? totalMs : undefined;
}

/** Milliseconds as Prometheus writes them: 5400000 → `1h30m`, 0 → `0s`. */
export function formatDurationMs(valueMs: number): string {
  if (valueMs === 0) return '0s';
  let rest = valueMs;
  let text = '';
  for (const [unit, unitMs] of UNITS) {
    // Years and weeks only where nothing is left over, as in Prometheus, since days read better.
    if ((unit === 'y' || unit === 'w') && rest % unitMs !== 0) continue;
    const count = Math.floor(rest / unitMs);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs;
  }
  return text;
}
