import type { BridgedRecord } from '../../logging/log-bridge.ts';
import { prototypeOf } from '../seam/prototype-of.ts';
import { wrapMethod } from '../seam/wrap-method.ts';
import { APPLICATION, loggerSource } from './logger-source.ts';

type PrintMessages = (
  this: object,
  messages: readonly unknown[],
  context?: string,
  level?: string,
  ...rest: unknown[]
) => unknown;

const LEVELS: Readonly<Record<string, BridgedRecord['level']>> = {
  fatal: 'CRITICAL',
  error: 'ERROR',
  warn: 'WARNING',
  log: 'INFO',
  debug: 'DEBUG',
  verbose: 'DEBUG',
};

/** Nest's own logger; its context ("RoutesResolver") becomes an extra. */
export const nestSource = loggerSource('nest', (tap) => ({
  hooks: [
    {
      file: '@nestjs/common/services/console-logger.service.js',
      majors: [8, 9, 10, 11],
      patch(exports, handle) {
        const prototype = prototypeOf(exports, 'ConsoleLogger');
        wrapMethod<PrintMessages>(
          prototype,
          'printMessages',
          (original) =>
            function printMessages(messages, context, level = 'log', ...rest) {
              for (const message of messages) {
                tap.record(handle, () => ({
                  logger: APPLICATION,
                  level: LEVELS[level] ?? 'INFO',
                  message,
                  extras: context ? { context } : undefined,
                  atMs: Date.now(),
                }));
              }
              return tap.print(() => original.call(this, messages, context, level, ...rest));
            },
        );
      },
    },
  ],
}));
