// Hot path: per line one JSON.parse of what pino has just written.
import type { BridgedRecord } from '../../logging/log-bridge.ts';
import type { SourceHandle } from '../seam/source-handle.ts';
import { wrapMethod } from '../seam/wrap-method.ts';
import { levelOfNumber } from './bunyan-levels.ts';
import { APPLICATION, loggerSource, type LoggerTap } from './logger-source.ts';

type AsJson = (this: object, obj: unknown, message: unknown, level: number, time: string) => string;

/** Of a longer line only the message is taken. */
const MAX_LINE = 64 * 1024;
/** What a record has by other means. */
const OWN_KEYS = new Set(['level', 'time', 'pid', 'hostname', 'name', 'v']);

/** pino keeps its methods and its names of keys under symbols with these descriptions. */
const symbolOf = (owner: object, description: string): symbol | undefined =>
  Object.getOwnPropertySymbols(owner).find((symbol) => symbol.description === description);

/** The value of a setting of a logger, which children inherit. */
function settingOf(logger: object, description: string, otherwise: string): string {
  for (let at: object | null = logger; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const symbol = symbolOf(at, description);
    if (symbol === undefined) continue;
    const value = (at as Record<symbol, unknown>)[symbol];
    if (typeof value === 'string') return value;
  }
  return otherwise;
}

interface Keys {
  readonly message: string;
  readonly error: string;
}
const keysOf = new WeakMap<object, Keys>();

function keys(logger: object): Keys {
  let found = keysOf.get(logger);
  if (!found) {
    found = {
      message: settingOf(logger, 'pino.messageKey', 'msg'),
      error: settingOf(logger, 'pino.errorKey', 'err'),
    };
    keysOf.set(logger, found);
  }
  return found;
}

/**
 * The line as pino wrote it: serialised, with its own redaction done, its children's bindings in it. An error is taken
 * from the call where pino has not changed it, for its causes.
 */
function recordOf(
  logger: object,
  obj: unknown,
  message: unknown,
  level: number,
  line: string,
): BridgedRecord {
  const base = { level: levelOfNumber(level), atMs: Date.now() };
  if (line.length > MAX_LINE)
    return { ...base, logger: APPLICATION, message: typeof message === 'string' ? message : '' };
  const parsed = JSON.parse(line) as Record<string, unknown>;
  const names = keys(logger);
  const extras: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(parsed)) {
    if (!OWN_KEYS.has(key) && key !== names.message && key !== names.error) extras[key] = value;
  }
  const { name } = parsed;
  return {
    ...base,
    logger: typeof name === 'string' && name !== '' ? name : APPLICATION,
    message: parsed[names.message] ?? '',
    extras,
    error: errorOf(obj, names.error, parsed[names.error]),
  };
}

function errorOf(obj: unknown, key: string, written: unknown): unknown {
  if (written === undefined) return undefined;
  const given = obj instanceof Error ? obj : (obj as Record<string, unknown> | null | undefined)?.[key];
  const isAsGiven =
    given instanceof Error &&
    typeof written === 'object' &&
    written !== null &&
    (written as { message?: unknown }).message === given.message;
  return isAsGiven ? given : written;
}

function watchPrototype(exports: unknown, tap: LoggerTap, handle: SourceHandle<BridgedRecord>): void {
  const prototype = Object.getPrototypeOf((exports as () => object)()) as object;
  const asJson = symbolOf(prototype, 'pino.asJson');
  if (asJson === undefined) throw new Error('pino has no asJson');
  wrapMethod<AsJson>(
    prototype,
    asJson,
    (original) =>
      function monitoredAsJson(obj, message, level, time) {
        const line = original.call(this, obj, message, level, time);
        tap.record(handle, () => recordOf(this, obj, message, level, line));
        return line;
      },
  );
}

/** pino 7 to 10, in this thread: its transports and streams come later and are not touched. */
export const pinoSource = loggerSource('pino', (tap) => ({
  hooks: [
    {
      file: 'pino/lib/proto.js',
      majors: [7, 8, 9, 10],
      patch: (exports, handle) => watchPrototype(exports, tap, handle),
    },
  ],
}));
