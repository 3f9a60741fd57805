// Hot path: once per line.
import { stripVTControlCharacters } from 'node:util';
import type { BridgedRecord } from '../../logging/log-bridge.ts';
import { APPLICATION, loggerSource } from './logger-source.ts';

/** The level of a line before a format colours it (package triple-beam). */
const LEVEL = Symbol.for('level');

interface Line extends Record<string | symbol, unknown> {
  readonly message?: unknown;
}
interface Transport {
  readonly level?: string;
  readonly silent?: boolean;
}
interface Logger {
  readonly level: string;
  readonly levels: Readonly<Record<string, number>>;
  readonly transports?: readonly Transport[];
}
type Push = (this: Logger, line: unknown, ...rest: unknown[]) => unknown;

/** npm's, syslog's and cli's levels; others count as INFO. */
const LEVELS: Readonly<Record<string, BridgedRecord['level']>> = {
  emerg: 'CRITICAL',
  alert: 'CRITICAL',
  crit: 'CRITICAL',
  fatal: 'CRITICAL',
  error: 'ERROR',
  warning: 'WARNING',
  warn: 'WARNING',
  notice: 'INFO',
  info: 'INFO',
  help: 'INFO',
  data: 'INFO',
  prompt: 'INFO',
  http: 'DEBUG',
  verbose: 'DEBUG',
  input: 'DEBUG',
  debug: 'DEBUG',
  trace: 'DEBUG',
  silly: 'DEBUG',
};

/** Whether the logger prints the line: winston leaves that to each transport. */
function isPrinted({ level, levels, transports = [] }: Logger, own: string): boolean {
  const allows = (limit: string): boolean =>
    (levels[limit] ?? Number.POSITIVE_INFINITY) >= (levels[own] ?? 0);
  const open = transports.filter(({ silent }) => silent !== true);
  return transports.length === 0 ? allows(level) : open.some((transport) => allows(transport.level ?? level));
}

function recordOf(line: Line, own: string): BridgedRecord {
  const { message, level: _level, timestamp: _timestamp, stack, ...extras } = line;
  const text = typeof message === 'string' ? stripVTControlCharacters(message) : (message ?? '');
  const error = typeof stack === 'string' ? { name: 'Error', message: text, stack } : undefined;
  return {
    logger: APPLICATION,
    level: LEVELS[own] ?? 'INFO',
    message: text,
    extras,
    error,
    atMs: Date.now(),
  };
}

/** winston 3: what its formats made of a line, whatever its transports. */
export const winstonSource = loggerSource('winston', (tap) => ({
  hooks: [
    {
      file: 'winston/lib/winston/logger.js',
      majors: [3],
      patch(exports, handle) {
        const { prototype } = exports as { readonly prototype: { push: Push } };
        const { push } = prototype;
        const own: Push = function (this: Logger, line, ...rest) {
          const level = (line as Line | null | undefined)?.[LEVEL];
          if (typeof level === 'string' && isPrinted(this, level)) {
            tap.record(handle, () => recordOf(line as Line, level));
          }
          return tap.print(() => push.call(this, line, ...rest));
        };
        Object.defineProperty(prototype, 'push', { value: own, writable: true, configurable: true });
      },
    },
  ],
}));
