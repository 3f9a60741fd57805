import { format } from 'node:util';
import type { BridgedRecord } from '../../logging/log-bridge.ts';
import type { SourceChannel } from '../seam/source.ts';
import { APPLICATION, loggerSource, type LoggerTap } from './logger-source.ts';

type Level = BridgedRecord['level'];

const LEVELS: Readonly<Record<string, Level>> = {
  log: 'INFO',
  info: 'INFO',
  debug: 'DEBUG',
  warn: 'WARNING',
  error: 'ERROR',
};

const isError = (value: unknown): boolean => value instanceof Error;

/** The message is what the console prints; an error among the arguments is kept with its stack and causes as well. */
function recordOf(level: Level, args: readonly unknown[]): BridgedRecord {
  const error = args.find(isError);
  const message = args.length === 1 && isError(args[0]) ? (args[0] as Error).message : format(...args);
  return { logger: APPLICATION, level, message, error, atMs: Date.now() };
}

const channels = (tap: LoggerTap): readonly SourceChannel<BridgedRecord>[] =>
  Object.entries(LEVELS).map(([method, level]) => ({
    name: `console.${method}`,
    keeps: false,
    early: (args, handle) => tap.record(handle, () => recordOf(level, args as unknown[])),
  }));

/** Node's console, by the channels that Node itself publishes each call on: nothing of it is patched. */
export const consoleSource = loggerSource('console', (tap) => ({ channels: channels(tap) }));
