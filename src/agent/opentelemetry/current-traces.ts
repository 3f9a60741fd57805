import type { Traces } from './traces.ts';

let traces: Traces | undefined;

/** By the preload, before the program. */
export function provideTraces(started: Traces | undefined): void {
  traces = started;
}

/** The traces of this process; undefined where none were asked for, or none could be started. */
export function currentTraces(): Traces | undefined {
  return traces;
}
