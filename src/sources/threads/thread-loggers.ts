import type { BridgedRecord, LogBridge } from '../../logging/log-bridge.ts';
import type { Loggers, LogWriter } from '../../logging/log-writer.ts';
import { toAnyValue, toAttributes } from '../../logging/record/extras.ts';
import type { Level } from '../../logging/record/levels.ts';
import type { CodeLocation } from '../../spool/record.ts';
import type { ThreadPort } from './thread-port.ts';

/** What a record weighs is not counted exactly: texts are what can be long. */
function charsOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let chars = 0;
  for (const [key, inner] of Object.entries(value)) chars += key.length + charsOf(inner);
  return chars;
}

/** Copies of what can be sent: plain, bounded values. An error instead of the message is its text and its extras. */
function toSend(record: BridgedRecord): BridgedRecord {
  const { message, error, extras } = record;
  const all = error === undefined ? extras : { ...extras, error };
  const attributes = toAttributes(all);
  if (message instanceof Error)
    return {
      ...record,
      error: undefined,
      message: `${message.name}: ${message.message}`,
      extras: { ...toAttributes(message), ...attributes },
    };
  const text = typeof message === 'string' ? message : toAnyValue(message);
  return { ...record, error: undefined, message: text, extras: attributes };
}

/** Sends the lines of other loggers to the thread that started this one. */
export function threadLogBridge(port: ThreadPort): LogBridge {
  return {
    record(record) {
      const sent = toSend({ ...record, atMs: record.atMs ?? Date.now() });
      port.log(sent, charsOf(sent.message) + charsOf(sent.extras));
    },
  };
}

class ThreadLogWriter implements LogWriter {
  readonly withLocation: boolean;
  readonly #logger: string;
  readonly #bridge: LogBridge;

  constructor(logger: string, bridge: LogBridge, withLocation: boolean) {
    this.#logger = logger;
    this.#bridge = bridge;
    this.withLocation = withLocation;
  }

  /** The level is looked at where the record is written. */
  isEnabled(): boolean {
    return true;
  }

  write(
    level: Level,
    message: unknown,
    extras: unknown,
    location: CodeLocation | undefined,
    atMs?: number,
  ): void {
    try {
      const given = toAttributes(extras);
      this.#bridge.record({ logger: this.#logger, level, message, extras: given, location, atMs });
    } catch {
      // Whatever went wrong, the program goes on.
    }
  }
}

/** The loggers of a worker thread: records are written by the thread that started it. */
export function threadLoggers(bridge: LogBridge, withLocation: boolean): Loggers {
  return { logger: (name) => new ThreadLogWriter(name, bridge, withLocation) };
}
