/**
 * What is known of a library that a source looks for; the label `state` of `monitoring_source_info`.
 * - `observed`: seen in use, by its channel or by what it leaves on a request; nothing of it was changed.
 * - `patched`: loaded, and changed so that it reports what it does.
 * - `unknown_version`: loaded in a version that the source does not know; it works, unmeasured.
 * - `failed`: the change to it failed; it works as it is, unmeasured.
 * - `switched_off`: the source failed too often and was switched off for this process.
 */
export type SourceState = 'observed' | 'patched' | 'unknown_version' | 'failed' | 'switched_off';

/** Notes a library with its state; the last state of a version counts. `source`: another one, whose finding is passed on. */
export type Found = (library: string, version: string, state: SourceState, source?: string) => void;

/** What a hook or a channel of the preload hands to its source, before and after the agent is there. */
export interface SourceHandle<Event = unknown> {
  /**
   * Now where the agent is there; else it is kept and comes with the start. At most 1,000 are kept. `wake`: how this
   * event starts the agent, if not as all of its source do.
   */
  take(event: Event, wake?: Wake): void;
  /** Notes a library that was found; for what a hook does not note by itself. */
  readonly found: Found;
}

/**
 * How something that is seen starts the agent. `service`: at once, since only a service does it (a server that listens,
 * a request). `work`: a query, an AI call, a job, as scripts have them too: at once where a collector is set, since what
 * is recorded can be shipped at the end; else once the process has lasted a while.
 */
export type Wake = 'service' | 'work';
