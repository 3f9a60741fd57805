import { isMainThread } from 'node:worker_threads';
import { SourceBridge } from './seam/source-bridge.ts';
import type { Wake } from './seam/source-handle.ts';
import { sourceRows } from './sources.ts';
import { threadsSource } from './threads/threads-source.ts';

/** Shared by all copies of this package in a thread: the one that was preloaded has the hooks. */
const SLOT = Symbol.for('geometra.monitoring.sources.1');

const holder = globalThis as { [SLOT]?: SourceBridge };

const rows = isMainThread ? sourceRows : sourceRows.filter(({ oncePerProcess }) => oncePerProcess !== true);

/** The sources of a thread, and the libraries that were loaded before them. */
export interface PreloadedSources {
  readonly sources: SourceBridge;
  readonly loadedBefore: readonly string[];
}

/**
 * For the preload: listens and patches from now on. `wake` is called for each event that is kept, with how it starts the
 * agent if it does.
 */
export function preloadSources(wake: (how: Wake | undefined) => void): PreloadedSources {
  const sources = new SourceBridge(rows, wake);
  holder[SLOT] = sources;
  return { sources, loadedBefore: sources.installHooks() };
}

/**
 * For the agent: the preload's sources. Without a preload new ones, which observe from the start on; only threads are
 * listened to before, by `wake`.
 */
export function currentSources(wake: (how: Wake | undefined) => void = () => {}): SourceBridge {
  return (holder[SLOT] ??= new SourceBridge(rows, wake, (row) => row === threadsSource));
}

/** For a process in which monitoring is off: calls back once when it turns out to be a service, and stops. */
export function listenOnly(onService: () => void): void {
  let stopped = false;
  const sources = new SourceBridge(rows, (how) => {
    if (how !== 'service' || stopped) return;
    stopped = true;
    sources.stop();
    onService();
  });
}
