import { SourceBridge } from './seam/source-bridge.ts';
import type { Wake } from './seam/source-handle.ts';
import { sourceRows } from './sources.ts';

/** Shared by all copies of this package in a process: the one that was preloaded has the hooks. */
const SLOT = Symbol.for('geometra.monitoring.sources.1');

const holder = globalThis as { [SLOT]?: SourceBridge };

/** For the preload: listens and patches from now on; `wake` is called for what starts the agent. */
export function preloadSources(wake: (how: Wake) => void): SourceBridge {
  const sources = new SourceBridge(sourceRows, wake);
  sources.installHooks();
  holder[SLOT] = sources;
  return sources;
}

/** For the agent: the preload's sources; without a preload new ones, which see what comes from now on. */
export function currentSources(): SourceBridge {
  return (holder[SLOT] ??= new SourceBridge(sourceRows, () => {}));
}

/** For a process in which monitoring is off: calls back once when it turns out to be a service, and stops. */
export function listenOnly(onService: () => void): void {
  const sources = new SourceBridge(sourceRows, (how) => {
    sources.stop();
    if (how === 'service') onService();
  });
}
