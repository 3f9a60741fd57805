import type { LoggerProvider, Meter, MeterProvider, Observable } from '@opentelemetry/api';
import type { Settings } from '../../config/read-settings.ts';
import type { ProblemCode, ProblemParams } from '../../errors.ts';
import type { LogBridge } from '../../logging/log-bridge.ts';
import type { ObservableKey } from '../../metrics/instruments.ts';
import type { Recording } from '../../metrics/recording.ts';
import type { ModuleHook } from './module-hook.ts';
import type { Found, SourceHandle, Wake } from './source-handle.ts';

/** A diagnostics channel that a source listens to, from the preload on. */
export interface SourceChannel<Event = unknown> {
  readonly name: string;
  /** False where `early` does everything: its messages are not kept for the start of the agent. */
  readonly keeps?: false;
  /** Whether and how a message starts the agent; absent: none does. */
  wakes?(message: unknown): Wake | undefined;
  /**
   * Done at once, also before the agent is there, for what cannot wait: a plugin that has to be added now.
   */
  early?(this: void, message: unknown, handle: SourceHandle<Event>): void;
}

/** Providers for the service's own instruments and loggers. */
export interface OpenTelemetryTarget {
  readonly meterProvider: MeterProvider;
  readonly loggerProvider: LoggerProvider;
  readonly onProblem: (code: ProblemCode, params: ProblemParams) => void;
}

/** What a source is given once the agent is there. */
export interface SourceContext {
  readonly recorder: Recording;
  readonly meter: Meter;
  /** The instrument of a row of the catalogue whose value is read at each collection. */
  readonly observable: (key: ObservableKey) => Observable;
  readonly logging: LogBridge;
  readonly settings: Settings;
  /** Where the service's own OpenTelemetry instruments and loggers record; absent: nowhere. */
  readonly openTelemetry?: OpenTelemetryTarget | undefined;
  readonly found: Found;
  /** Counts and logs what failed; with the tenth the source is switched off. */
  readonly onError: (error: unknown) => void;
}

/** A source that observes. What its functions throw is counted, and nothing reaches the service. */
export interface Source<Event = unknown> {
  /** One handler per channel of the row: each message, also those that came before the agent. */
  readonly channels?: Readonly<Record<string, (message: unknown) => void>>;
  /** What the row's hooks hand over by `take`, also what came before the agent. */
  take?(event: Event): void;
  /** Observes nothing more; what was recorded stays. */
  stop?(): void;
}

/**
 * One source: a file that exports this, and a line in `sources.ts`. The whole row is loaded by the preload, so nothing
 * in its files may import a value of OpenTelemetry; types are free.
 */
export interface SourceRow<Event = unknown> {
  /** The label `source`. */
  readonly name: string;
  /** Modules of the service that are changed as the service loads them. */
  readonly hooks?: readonly ModuleHook<Event>[];
  readonly channels?: readonly SourceChannel<Event>[];
  /** Done once by the preload, for what is there without a module: a function of Node itself. */
  install?(handle: SourceHandle<Event>): void;
  /** How an event of a hook starts the agent; loggers never do. */
  readonly wakes?: Wake;
  /** Observed once for the whole process, not in its worker threads. */
  readonly oncePerProcess?: boolean;
  /** Begins to observe. */
  observe(context: SourceContext): Source<Event>;
}
