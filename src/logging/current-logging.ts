import type { Loggers } from './log-writer.ts';

/** Shared by all copies of this module: the preload and the API that a program imports are separate bundles. */
const SLOT = Symbol.for('geometra.monitoring.logging.1');

interface Slot {
  make: () => Loggers | undefined;
  made: { readonly logging: Loggers | undefined } | undefined;
}

const holder = globalThis as Record<symbol, unknown>;
const nothing = (): undefined => undefined;
const slot = (holder[SLOT] ??= { make: nothing, made: undefined } satisfies Slot) as Slot;

/** Sets how the logging of this process or thread is made; it is made with the first use. A later call replaces it. */
export function provideLogging(make: () => Loggers | undefined): void {
  slot.make = make;
  slot.made = undefined;
}

/** The logging of this process; undefined where none was provided, or monitoring is switched off. */
export function currentLogging(): Loggers | undefined {
  slot.made ??= { logging: slot.make() };
  return slot.made.logging;
}
