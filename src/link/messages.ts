import type { Settings } from '../config/read-settings.ts';
import type { Snapshot } from './snapshot.ts';

/** Who a process is, said once when a link opens. */
export interface Hello {
  readonly kind: 'hello';
  /** Unique for one run of one process. */
  readonly processId: string;
  readonly pid: number;
  readonly startedAtMs: number;
}

/** From agent to monitor. */
export type AgentMessage =
  | Hello
  | { readonly kind: 'snapshot'; readonly request: number; readonly snapshot: Snapshot }
  /** Records were appended to the spool; sent at most once per tick. */
  | { readonly kind: 'spooled' }
  /**
   * The process is about to end: ship what is in the spool. `done` is a shared Int32 that the monitor sets to 1
   * and notifies; the agent waits on it (only inside one process). Over a socket the agent does not wait.
   */
  | { readonly kind: 'drain'; readonly request: number; readonly done?: SharedArrayBuffer }
  /** An alert rule added by the program (documented format). */
  | { readonly kind: 'rule'; readonly rule: unknown }
  | { readonly kind: 'bye' };

/** From monitor to agent. */
export type MonitorMessage =
  | { readonly kind: 'collect'; readonly request: number }
  | { readonly kind: 'drained'; readonly request: number }
  /** The addresses served, once known; `metricsPort` 0 when nothing is served. */
  | { readonly kind: 'ready'; readonly metricsPort: number };

/** `workerData` of the monitor thread. */
export interface MonitorStart {
  readonly settings: Settings;
  readonly resource: Readonly<Record<string, string>>;
  readonly version: string;
}
