// Hot path: once per line.
import type { BridgedRecord } from '../../logging/log-bridge.ts';
import { prototypeOf } from '../seam/prototype-of.ts';
import { wrapMethod } from '../seam/wrap-method.ts';
import { levelOfNumber } from './bunyan-levels.ts';
import { APPLICATION, loggerSource } from './logger-source.ts';

interface Line extends Record<string, unknown> {
  readonly name?: unknown;
  readonly level?: unknown;
  readonly msg?: unknown;
}
type Emit = (this: object, line: Line, noEmit?: boolean) => unknown;

function recordOf({
  name,
  level,
  msg,
  err,
  time: _time,
  pid: _pid,
  hostname: _host,
  v: _v,
  src: _src,
  ...extras
}: Line): BridgedRecord {
  return {
    logger: typeof name === 'string' && name !== '' ? name : APPLICATION,
    level: levelOfNumber(Number(level)),
    message: msg ?? '',
    extras,
    error: err,
    atMs: Date.now(),
  };
}

/** bunyan 1 and 2. */
export const bunyanSource = loggerSource('bunyan', (tap) => ({
  hooks: [
    {
      file: 'bunyan/lib/bunyan.js',
      majors: [1, 2],
      patch(exports, handle) {
        wrapMethod<Emit>(
          prototypeOf(exports),
          '_emit',
          (original) =>
            function emit(line, noEmit) {
              if (noEmit !== true) tap.record(handle, () => recordOf(line));
              return original.call(this, line, noEmit);
            },
        );
      },
    },
  ],
}));
