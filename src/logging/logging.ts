import { resolve } from 'node:path';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { LoggerProvider } from '@opentelemetry/sdk-logs';
import type { Settings } from '../config/read-settings.ts';
import { formatProblem, problem } from '../errors.ts';
import { DailyFiles } from './daily/daily-files.ts';
import { createFormatter, logFormatOf } from './record/formatters.ts';
import type { Level } from './record/levels.ts';
import { LogHandle } from './log-handle.ts';
import { boundedName } from '../own-log/bounded-name.ts';
import { limits } from './record/limits.ts';
import { BoundedLoggerProvider } from './bounded-logger-provider.ts';
import { LogProcessor } from './log-processor.ts';
import { createLoggerNames, DEFAULT_LOGGERS, OTHER } from '../spool/logger-names.ts';
import type { OwnLog } from '../own-log/own-log.ts';
import { ownIdentity } from '../spool/process-identity.ts';
import { createRecordClock } from './record/record-clock.ts';
import { RecordSink } from './record-sink.ts';
import { createRedactedJson } from './redaction/redacted-json.ts';
import { createRedaction, createShownNames } from './redaction/redaction.ts';
import { boundSpool } from './recovery/spool-limit.ts';
import { spoolDirOf } from '../spool/segments.ts';
import { SpoolFolder } from '../spool/spool-folder.ts';
import { type Disk, realDisk } from '../files/disk.ts';
import { SpoolWriter } from '../spool/writer.ts';
import { severityNumbers } from './record/severity-numbers.ts';

/** Loggers by their names; of names that make the same file further ones share its own. */
const MAX_HANDLES = 1000;
const MAX_SEGMENT_BYTES = 4_194_304;
/** Beyond what a log call brings itself; Loki takes 128 with those of the resource. */
const ATTRIBUTE_LIMIT = 100;

export interface LoggingOptions {
  readonly settings: Pick<
    Settings,
    | 'logDir'
    | 'logFormat'
    | 'logTextExtras'
    | 'logLevel'
    | 'logCodeLocation'
    | 'logRedactKeys'
    | 'logRedactPatterns'
    | 'logRetentionDays'
    | 'logRetentionBytes'
    | 'spoolMaxBytes'
    | 'maxLabelValues'
  >;
  /** Attributes of the OpenTelemetry resource; `service.name` chooses the spool folder. */
  readonly resource: Readonly<Record<string, string>>;
  readonly version: string;
  /** Unique for one run of one process. */
  readonly processId: string;
  readonly ownLog: OwnLog;
  /** Whether records are spooled for a collector besides going to the daily files. */
  readonly spool: boolean;
  /** Relative folders of the settings start here. */
  readonly cwd?: string;
  readonly now?: () => number;
  readonly onRecord?: (application: string, level: Level) => void;
  /** A security record with an event: its name without the prefix `security.`. */
  readonly onSecurityEvent?: (event: string) => void;
  /** Records were written to the spool; once a batch (50 ms or 16 KiB). */
  readonly onSpooled?: () => void;
  readonly disk?: Disk;
}

/** Records by the reason for which they are lost, the values of the label `reason`. */
export interface LogLosses {
  /** Their lines in the daily files are lost for good. */
  readonly file: number;
  /** They could not be written to the spool and do not reach the collector. */
  readonly spool: number;
  /** They were deleted from the spool unsent, to keep it in its bounds. */
  readonly full: number;
  /** An error of this package. */
  readonly error: number;
}

export interface LoggingStats {
  readonly lost: LogLosses;
}

/** The logging of one process. Creates no file and no folder before the first record. */
export interface Logging {
  /** The OpenTelemetry side, for a global registration: what is emitted here goes the same way. */
  readonly loggerProvider: LoggerProvider;
  logger(name: string): LogHandle;
  /**
   * Everything in the daily files that was logged so far. For `exit` handlers and signals, repeatedly; records
   * logged afterwards are written at once until the event loop turns.
   */
  flushSync(): void;
  /** Flushes and closes all files. Later records open them again. */
  close(): void;
  stats(): LoggingStats;
}

const noop = (): void => undefined;

/** Builds the logging of a process. See `Logging`. */
export function createLogging(options: LoggingOptions): Logging {
  const { settings, resource, processId, ownLog, now = Date.now, disk = realDisk } = options;
  const logDir = resolve(options.cwd ?? process.cwd(), settings.logDir);
  const folder = new SpoolFolder(spoolDirOf(logDir, resource['service.name'] ?? ''), disk);
  const format = logFormatOf(settings);
  let failed = 0;
  let dropped = 0;
  let lostLines = 0;
  let limitSaid = false;

  const daily = new DailyFiles({
    dir: logDir,
    retentionDays: settings.logRetentionDays,
    retentionBytes: settings.logRetentionBytes,
    ownLog,
    spool: options.spool,
    disk,
  });
  const sink = new RecordSink({
    logDir,
    folder,
    daily,
    format: createFormatter(format),
    ownLog,
    now,
    onSpooled: options.onSpooled ?? noop,
  });

  function makeRoom(): void {
    const segmentBytes = Math.min(MAX_SEGMENT_BYTES, settings.spoolMaxBytes / 8);
    const gone = boundSpool({
      folder,
      logDir,
      maxBytes: settings.spoolMaxBytes - segmentBytes,
      nowMs: now(),
      isGivenUp: (base) => sink.isIncomplete(base),
    });
    dropped += gone.records;
    lostLines += gone.lines;
    if (gone.segments === 0 || limitSaid) return;
    limitSaid = true;
    ownLog.warning(
      formatProblem(problem('MON_SPOOL_FULL', { path: folder.dir, max: settings.spoolMaxBytes })),
    );
  }

  if (options.spool) {
    const writer = new SpoolWriter({
      dir: folder.dir,
      header: { spool: 1, resource, processId, ...ownIdentity(), format },
      segmentBytes: Math.min(MAX_SEGMENT_BYTES, settings.spoolMaxBytes / 8),
      beforeClose: () => sink.beforeClose(),
      beforeOpen: makeRoom,
      onUnmarked: (base) => sink.onUnmarked(base),
      disk,
    });
    sink.attachSpool(writer);
  }

  const applicationOf = createLoggerNames(settings.maxLabelValues, DEFAULT_LOGGERS, (where) =>
    ownLog.problem('MON_LOGGER_NAMES', { where, max: settings.maxLabelValues }),
  );
  // The text form shows no location: without a spool nobody would see it.
  const inFull = options.spool || format === 'json';
  const lowest = severityNumbers[settings.logLevel];
  const redact = createRedaction({
    keys: settings.logRedactKeys ?? [],
    patterns: settings.logRedactPatterns?.split(/\s+/).filter((pattern) => pattern !== '') ?? [],
    onProblem: ({ pattern, got }) => ownLog.problem('MON_REDACT_PATTERN', { where: pattern, got }),
  });
  const shownName = createShownNames(redact);
  const processor = new LogProcessor({
    clock: createRecordClock(now),
    redact,
    json: createRedactedJson(redact),
    withAttributes: inFull || format === 'text-extras',
    applicationOf,
    shownName,
    write: (entry, nowMs) => sink.write(entry, nowMs),
    onRecord: options.onRecord ?? noop,
    onFailure: (error) => {
      failed++;
      if (failed === 1) ownLog.error(`a log record was lost: ${String(error)}`);
    },
  });
  const loggerProvider = new BoundedLoggerProvider({
    resource: resourceFromAttributes(resource),
    processors: [processor],
    logRecordLimits: { attributeCountLimit: ATTRIBUTE_LIMIT },
    loggerConfigurator: () => ({
      enabled: true,
      minimumSeverity: lowest,
      traceBased: false,
    }),
  });

  const handles = new Map<string, LogHandle>();

  return {
    loggerProvider,
    logger(name) {
      // Of names beyond the limit nothing is kept, here and in the provider.
      const shown = boundedName(shownName(name), limits.keyChars);
      const application = applicationOf(shown);
      const isKept = application !== OTHER && (handles.has(shown) || handles.size < MAX_HANDLES);
      const scope = isKept ? shown : application;
      const known = handles.get(scope);
      if (known) return known;
      const handle = new LogHandle({
        name: scope,
        logger: loggerProvider.getLogger(scope, '1'),
        processor,
        lowest,
        withLocation: inFull && settings.logCodeLocation,
        redact,
        onSecurityEvent: options.onSecurityEvent ?? noop,
      });
      handles.set(scope, handle);
      return handle;
    },
    flushSync: () => sink.flushAtEnd(),
    close: () => sink.close(),
    stats: () => ({
      lost: { file: daily.lost + lostLines, spool: sink.notSpooled, full: dropped, error: failed },
    }),
  };
}
