import { realpathSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { problem } from '../errors.ts';
import { preloadSources } from '../sources/current-sources.ts';
import { workersForbidden } from './connection/monitor-thread.ts';
import { sayOnce } from '../own-log/stderr.ts';

/** Marks a process in which the preload has run, whatever copy of the package ran it. */
const LOADED = Symbol.for('geometra.monitoring.preload');

/**
 * Tools that inherit NODE_OPTIONS from a shell or a container and are never the service: they open sockets and
 * servers of their own, and the first process that observes something leads.
 */
const TOOLS =
  /[\\/](npm|npx|pnpm|yarn|corepack|typescript|pm2)[\\/](bin|lib|dist)[\\/]|[\\/](npm-cli|npx-cli|pnpm|yarn|tsc|tsserver|Daemon)\.c?js$/;

function isTool(): boolean {
  const program = process.argv[1];
  if (program === undefined) return false;
  try {
    return TOOLS.test(realpathSync(program));
  } catch {
    return TOOLS.test(program);
  }
}

/**
 * Lets the sources listen and patch, and returns: what a process that observes nothing pays. `start` builds the agent
 * with the first thing that wakes it, and answers whether there is one; it is called once.
 */
export function preload(env: NodeJS.ProcessEnv, start: () => boolean): void {
  const globals = globalThis as Record<symbol, unknown>;
  if (!isMainThread || globals[LOADED] === true) return;
  globals[LOADED] = true;
  if (/^(true|1|yes|on)$/i.test((env['OTEL_SDK_DISABLED'] ?? '').trim())) return;
  if (workersForbidden()) {
    sayOnce(problem('MON_WORKER_FORBIDDEN'));
    return;
  }

  let woken = false;
  const sources = preloadSources(() => {
    if (woken) return;
    woken = true;
    if (isTool() || !started()) sources.stop();
  });

  function started(): boolean {
    try {
      return start();
    } catch (error) {
      sayOnce(problem('MON_START', { got: String((error as Error).stack ?? error) }));
      return false;
    }
  }
}
