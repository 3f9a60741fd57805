// Hot path: `record` once per line of a logger of the service.
import type { BridgedRecord } from '../../logging/log-bridge.ts';
import type { SourceHandle } from '../seam/source-handle.ts';
import type { SourceRow } from '../seam/source.ts';

/** The application of a logger that has no name of its own. */
export const APPLICATION = 'app';

/** The loggers that can be bridged, as MONITORING_LOG_BRIDGE names them. */
export const LOGGER_NAMES = ['console', 'pino', 'winston', 'bunyan', 'nest'] as const;
export type LoggerName = (typeof LOGGER_NAMES)[number];

/**
 * Set while a logger writes: what it prints through another one, winston through console, is the same line and no
 * second record.
 */
let writing = false;

/** One bridge: it takes lines unless it is switched off or another logger is writing just now. */
export class LoggerTap {
  #isOn = true;

  switchOff(): void {
    this.#isOn = false;
  }

  /** Hands over what `read` makes of a line. Lines that come up in `read` itself are not records. */
  record(handle: SourceHandle<BridgedRecord>, read: () => BridgedRecord | undefined): void {
    if (!this.#isOn || writing) return;
    writing = true;
    try {
      const record = read();
      if (record !== undefined) handle.take(record);
    } finally {
      writing = false;
    }
  }

  /** Runs what may print through another logger. */
  print<Result>(run: () => Result): Result {
    if (!this.#isOn || writing) return run();
    writing = true;
    try {
      return run();
    } finally {
      writing = false;
    }
  }
}

type LoggerRow = Pick<SourceRow<BridgedRecord>, 'hooks' | 'channels'>;

/** The source of one logger; it never starts the agent. */
export function loggerSource(name: LoggerName, row: (tap: LoggerTap) => LoggerRow): SourceRow<BridgedRecord> {
  const tap = new LoggerTap();
  return {
    name,
    ...row(tap),
    observe({ logging, settings }) {
      if (!settings.logBridges.includes(name)) {
        tap.switchOff();
        return {};
      }
      return { take: (record) => logging.record(record), stop: () => tap.switchOff() };
    },
  };
}
