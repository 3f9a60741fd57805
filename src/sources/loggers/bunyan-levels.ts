import type { BridgedRecord } from '../../logging/log-bridge.ts';

/** bunyan's numbers, which pino shares: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal. */
export function levelOfNumber(level: number): BridgedRecord['level'] {
  if (level < 30) return 'DEBUG';
  if (level < 40) return 'INFO';
  if (level < 50) return 'WARNING';
  return level < 60 ? 'ERROR' : 'CRITICAL';
}
