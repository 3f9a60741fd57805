import type { Logging } from './logging.ts';

/** Shared by all copies of this module: the preload and the API that a program imports are separate bundles. */
const SLOT = Symbol.for('geometra.monitoring.logging.1');

interface Slot {
  readonly make: () => Logging | undefined;
  made: { readonly logging: Logging | undefined } | undefined;
}

const holder = globalThis as Record<symbol, unknown>;

/** Says how the logging of this process is made; it is made with the first use. A later call replaces it. */
export function provideLogging(make: () => Logging | undefined): void {
  const slot: Slot = { make, made: undefined };
  holder[SLOT] = slot;
}

/** The logging of this process; undefined where none was provided, or monitoring is switched off. */
export function currentLogging(): Logging | undefined {
  const slot = holder[SLOT] as Slot | undefined;
  if (!slot) return undefined;
  slot.made ??= { logging: slot.make() };
  return slot.made.logging;
}
