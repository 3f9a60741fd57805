import type { Settings } from '../config/read-settings.ts';
import type { MeetingPoint } from './meeting-point.ts';
import type { ProcessEnd } from './process-end.ts';
import type { SilenceAnswer, SilenceRequest } from './silence-messages.ts';
import type { Snapshot } from './snapshot.ts';

/** Who a process is; the first message of its link. */
export interface Hello {
  readonly kind: 'hello';
  /** Unique for one run of one process. */
  readonly processId: string;
  readonly pid: number;
}

/** From agent to monitor. */
export type AgentMessage =
  | Hello
  /** The answer to `collect`, or (request 0) the last totals of a process that is about to end. */
  | { readonly kind: 'snapshot'; readonly request: number; readonly snapshot: Snapshot }
  /** Records were appended to the spool; sent at most once per tick. */
  | { readonly kind: 'spooled' }
  /**
   * The process is about to end: ship what is in the spool and push metrics, within `deadlineMs`. `done` is a shared
   * Int32 that the monitor sets to 1 and notifies, for an agent that waits on it with its thread blocked; the
   * message `drained` is for one that waits otherwise.
   */
  | {
      readonly kind: 'drain';
      readonly request: number;
      readonly deadlineMs: number;
      readonly done?: SharedArrayBuffer;
    }
  /** Sample the host now. */
  | { readonly kind: 'sample-host' }
  /** The process is about to end like this; one whose link breaks without it was killed or crashed. The last one counts. */
  | { readonly kind: 'end'; readonly end: ProcessEnd }
  /** From the command line: load the rule files again. */
  | { readonly kind: 'reload' }
  /** From the command line: about the silences. */
  | { readonly kind: 'silence'; readonly request: SilenceRequest }
  /** From a separate monitor that takes over: a monitor in a thread of the service steps down. */
  | { readonly kind: 'step-down' };

/** From monitor to agent. */
export type MonitorMessage =
  | { readonly kind: 'collect'; readonly request: number }
  | { readonly kind: 'drained'; readonly request: number }
  /** Whether the collector can be reached, for metrics and logs alike; an agent does not wait for an unreachable one. */
  | { readonly kind: 'collector'; readonly reachable: boolean }
  /** Another process of the service ended without having logged why; one of those that run logs it. */
  | { readonly kind: 'process-killed'; readonly pid: number; readonly atMs: number }
  /** This monitor was elected: the socket is its own. To the agent that it is a thread of. */
  | { readonly kind: 'leading'; readonly socketPath: string }
  /** The address served, once known; undefined while nothing is served. */
  | { readonly kind: 'ready'; readonly metricsUrl: string | undefined }
  /** The answer to `reload`: whether the new rules are in force. */
  | { readonly kind: 'reloaded'; readonly ok: boolean }
  /** The answer to `silence`. */
  | { readonly kind: 'silenced'; readonly answer: SilenceAnswer }
  /** Another process leads already: this monitor ends, its agent connects to the other. */
  | { readonly kind: 'not-leader'; readonly steppedDown: boolean };

/** `workerData` of the monitor thread. */
export interface MonitorStart {
  readonly settings: Settings;
  readonly serviceName: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly version: string;
  /** The service's folder: relative paths of settings start here, also after the service changed its own. */
  readonly cwd: string;
  readonly meetingPoint: MeetingPoint | undefined;
  /** This process followed a leader that is gone: the totals that it kept are read. */
  readonly takeover: boolean;
  /** Undefined: a thread of the service. A separate monitor makes one in a thread step down. */
  readonly separate?: boolean;
}
