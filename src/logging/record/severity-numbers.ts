import { SeverityNumber } from '@opentelemetry/api';
import type { Level } from './levels.ts';

/**
 * The documented levels with their OpenTelemetry severity numbers (logs data model; CRITICAL is FATAL there). Apart
 * from the levels themselves, whose types are public and need no other package.
 */
export const severityNumbers: Readonly<Record<Level, SeverityNumber>> = {
  DEBUG: SeverityNumber.DEBUG,
  INFO: SeverityNumber.INFO,
  WARNING: SeverityNumber.WARN,
  ERROR: SeverityNumber.ERROR,
  CRITICAL: SeverityNumber.FATAL,
};
