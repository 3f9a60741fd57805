import { join } from 'node:path';

/**
 * How a process of the service ended; the label `kind` of `monitoring_process_ends_total`.
 * - exit: by itself, with code 0
 * - failure: by itself, with another code
 * - signal: after SIGTERM or SIGINT
 * - exception: by an uncaught exception or an unhandled rejection
 * - killed: by none of these: SIGKILL, out of memory, abort, a crash in native code
 */
export const processEndKinds = ['exit', 'failure', 'signal', 'exception', 'killed'] as const;
export type ProcessEndKind = (typeof processEndKinds)[number];

/** Ends that are no intention of whoever runs the service. */
export const crashKinds: readonly ProcessEndKind[] = ['failure', 'exception', 'killed'];

/** The end of a process as it announces it itself. */
export interface ProcessEnd {
  readonly kind: ProcessEndKind;
  /** The exit code, or 128 and the number of the signal. */
  readonly code: number;
  readonly atMs: number;
}

/**
 * The file of a running process, `<log folder>/monitoring/processes/<process id>.json`. It is touched while the process
 * runs, removed when it ends by intention, and gets the end of one that fails; what lies there of a process that no
 * longer runs is an end that nobody has counted yet. Whoever deletes the file counts it.
 */
export interface ProcessMarker {
  readonly service: string;
  readonly processId: string;
  readonly pid: number;
  /** With `pid` and `host`: the process, also after its id was given to another one. */
  readonly start: string;
  readonly host: string;
  readonly startedAtMs: number;
  readonly end?: ProcessEnd;
}

/** How often a running process touches its marker. */
export const MARKER_TOUCH_MS = 20_000;

/** The folder of the markers, and of what the monitor keeps about ends. */
export function processFolderOf(logDir: string): string {
  return join(logDir, 'monitoring', 'processes');
}

export function markerPath(folder: string, processId: string): string {
  return join(folder, `${processId}.json`);
}
