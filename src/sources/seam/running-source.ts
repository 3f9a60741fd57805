// Hot path: `take` of a handle once a query, AI call or line of a logger; a channel's handler once a message.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FoundLibraries } from './found-libraries.ts';
import { KeptEvents } from './kept-events.ts';
import { libraryOf, majorOf } from './library-version.ts';
import type { ModuleHook } from './module-hook.ts';
import type { Source, SourceChannel, SourceContext, SourceRow } from './source.ts';
import type { SourceHandle, Wake } from './source-handle.ts';

/** Events that one source keeps for the agent. */
const MAX_KEPT = 1000;
/** A source that failed so often is switched off: what it does not understand, it will not understand later. */
const MAX_ERRORS = 10;

/** What the agent brings for the sources. */
export interface SourceHost extends Pick<
  SourceContext,
  'recorder' | 'meter' | 'observable' | 'logging' | 'settings' | 'openTelemetry'
> {
  /** Only in a thread: passes on what wakes, at each event that does. */
  readonly wake?: (how: Wake) => void;
  /** An error of a source. */
  readonly onError: (source: string, error: unknown) => void;
  /** A source failed too often and is off from now on. */
  readonly onSwitchedOff: (source: string, error: unknown) => void;
}

/** How much failed or was lost in a source. */
export interface SourceCounts {
  readonly source: string;
  readonly errors: number;
  /** Events that came before the agent and were too many to be kept. */
  readonly dropped: number;
}

type Listener = (message: unknown) => void;

const nothing = (): void => {};

/**
 * One row at work, on both sides of the start: before it events are kept, and those that wake start the agent; after
 * it they go straight to what `observe` returned. What the source throws is counted here and goes no further.
 */
export class RunningSource {
  readonly #row: SourceRow;
  readonly #found: FoundLibraries;
  readonly #wake: (how: Wake | undefined) => void;
  readonly #kept = new KeptEvents(MAX_KEPT);
  #listening: (readonly [channel: string, listener: Listener])[] = [];
  readonly #handle: SourceHandle;
  #host: SourceHost | undefined;
  #source: Source | undefined;
  #errors = 0;

  /** `early`: whether it listens from now on, not only from the start on. */
  constructor(row: SourceRow, found: FoundLibraries, wake: (how: Wake | undefined) => void, early: boolean) {
    this.#row = row;
    this.#found = found;
    this.#wake = wake;
    this.#handle = {
      take: (event, how = row.wakes) => this.#keep(() => this.#source?.take?.(event), how),
      found: (library, version, state, source = row.name) => found.add(source, library, version, state),
    };
    if (!early) return;
    for (const channel of row.channels ?? []) this.#listen(channel.name, this.#before(channel));
  }

  get counts(): SourceCounts {
    return { source: this.#row.name, errors: this.#errors, dropped: this.#kept.dropped };
  }

  /** Changes what is there without a module. A failure is counted, and the source goes on without it. */
  install(): void {
    try {
      this.#row.install?.(this.#handle);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Once the agent is there: observes, and takes what was kept. */
  start(host: SourceHost): void {
    this.#host = host;
    const { recorder, meter, observable, logging, settings, openTelemetry } = host;
    const { found } = this.#handle;
    const onError = (error: unknown): void => this.#failed(error);
    try {
      this.#source = this.#row.observe({
        recorder,
        meter,
        observable,
        logging,
        settings,
        openTelemetry,
        found,
        onError,
      });
    } catch (error) {
      this.#failed(error);
      this.#found.setState(this.#row.name, 'failed');
      this.stop();
      return;
    }
    const source = this.#source;
    const take = source.take ? this.#guarded((event) => source.take?.(event)) : nothing;
    this.#handle.take = host.wake ? this.#waking(take, host.wake) : take;
    this.#unlisten();
    for (const channel of this.#row.channels ?? []) this.#listenOn(channel, source);
    for (const replay of this.#kept.drain()) this.#guarded(replay)(undefined);
  }

  /** Observes nothing more, and keeps nothing. */
  stop(): void {
    this.#unlisten();
    this.#handle.take = nothing;
    this.#kept.drain();
    const source = this.#source;
    this.#source = undefined;
    try {
      source?.stop?.();
    } catch (error) {
      this.#host?.onError(this.#row.name, error);
    }
  }

  /** A module of the row's was loaded. */
  onModule(hook: ModuleHook, url: string, exports: unknown): void {
    const { name, version } = libraryOf(url, hook.file);
    const major = majorOf(version);
    if (hook.majors && (major === undefined || !hook.majors.includes(major))) {
      this.#handle.found(name, version, 'unknown_version');
      return;
    }
    try {
      hook.patch?.(exports, this.#handle);
      this.#handle.found(name, version, hook.patch ? 'patched' : 'observed');
    } catch (error) {
      this.#failed(error);
      this.#handle.found(name, version, 'failed');
    }
  }

  /** What a channel does until the agent is there. */
  #before(channel: SourceChannel): Listener {
    const { name } = channel;
    return this.#guarded((message) => {
      channel.early?.(message, this.#handle);
      if (channel.keeps === false) return;
      this.#keep(() => this.#source?.channels?.[name]?.(message), channel.wakes?.(message));
    });
  }

  #listenOn(channel: SourceChannel, source: Source): void {
    const { name, early } = channel;
    const handler = source.channels?.[name];
    const wake = this.#host?.wake;
    if (early)
      this.#listen(
        name,
        this.#guarded((message) => early(message, this.#handle)),
      );
    if (handler) this.#listen(name, this.#guarded(handler));
    // In a thread, what wakes has to be passed on though the thread itself is at work already.
    if (wake && channel.wakes)
      this.#listen(
        name,
        this.#guarded((message) => {
          const how = channel.wakes?.(message);
          if (how) wake(how);
        }),
      );
  }

  #waking(take: (event: unknown) => void, wake: (how: Wake) => void): SourceHandle['take'] {
    return (event, how = this.#row.wakes) => {
      if (how) wake(how);
      take(event);
    };
  }

  #keep(replay: () => void, wake: Wake | undefined): void {
    this.#kept.keep(replay);
    this.#wake(wake);
  }

  /** What a subscriber throws, Node rethrows as an uncaught exception of the service. */
  #guarded(step: Listener): Listener {
    return (value) => {
      try {
        step(value);
      } catch (error) {
        this.#failed(error);
      }
    };
  }

  #failed(error: unknown): void {
    this.#errors += 1;
    const { name } = this.#row;
    if (this.#errors < MAX_ERRORS) this.#host?.onError(name, error);
    if (this.#errors !== MAX_ERRORS) return;
    this.stop();
    this.#found.setState(name, 'switched_off');
    this.#host?.onSwitchedOff(name, error);
  }

  #listen(channel: string, listener: Listener): void {
    this.#listening.push([channel, listener]);
    subscribe(channel, listener);
  }

  #unlisten(): void {
    for (const [channel, listener] of this.#listening) unsubscribe(channel, listener);
    this.#listening = [];
  }
}
