export type Level = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** A level as programs name it: the documented names in any case, or Python's numbers 10 to 50. */
export type LevelInput = Level | Lowercase<Level> | number;

const NAMES: ReadonlyMap<string, Level> = new Map<string, Level>([
  ['DEBUG', 'DEBUG'],
  ['TRACE', 'DEBUG'],
  ['INFO', 'INFO'],
  ['WARNING', 'WARNING'],
  ['WARN', 'WARNING'],
  ['ERROR', 'ERROR'],
  ['CRITICAL', 'CRITICAL'],
  ['FATAL', 'CRITICAL'],
]);

/**
 * The level that a program means. Numbers are Python's (`logging.INFO` is 20); one between two levels is the
 * lower of them. What cannot be understood is INFO, since a record must not get lost over its level.
 */
export function toLevel(input: unknown): Level {
  if (typeof input === 'string') return NAMES.get(input) ?? NAMES.get(input.toUpperCase()) ?? 'INFO';
  if (typeof input !== 'number' || Number.isNaN(input)) return 'INFO';
  if (input < 20) return 'DEBUG';
  if (input < 30) return 'INFO';
  if (input < 40) return 'WARNING';
  return input < 50 ? 'ERROR' : 'CRITICAL';
}

/** The documented level of an OpenTelemetry severity number; a record without one counts as INFO. */
export function levelOfSeverity(severityNumber: number | undefined): Level {
  if (severityNumber === undefined || severityNumber <= 0) return 'INFO';
  if (severityNumber < 9) return 'DEBUG';
  if (severityNumber < 13) return 'INFO';
  if (severityNumber < 17) return 'WARNING';
  return severityNumber < 21 ? 'ERROR' : 'CRITICAL';
}
