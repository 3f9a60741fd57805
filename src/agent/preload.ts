import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { realpathSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { problem } from '../errors.ts';
import { installModuleHooks, moduleHooks } from '../sources/module-hooks.ts';
import { workersForbidden } from './connection/monitor-thread.ts';
import { sayOnce } from '../own-log/stderr.ts';

/** Marks a process in which the preload has run, whatever copy of the package ran it. */
const LOADED = Symbol.for('geometra.monitoring.preload');

/** Published by Node when a server begins to listen, and when a request comes in. */
const LISTENING = 'tracing:net.server.listen:asyncEnd';
const REQUEST = 'http.server.request.start';

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

const isHttpServer = (server: unknown): boolean =>
  typeof server === 'object' && server !== null && 'keepAliveTimeout' in server && 'requestTimeout' in server;

/**
 * Subscribes and returns: what a process that observes nothing pays. `start` builds the agent; it is called once,
 * with the first HTTP server that listens (or the first request, should no channel have told of the server).
 */
export function preload(env: NodeJS.ProcessEnv, start: () => void): void {
  const globals = globalThis as Record<symbol, unknown>;
  if (!isMainThread || globals[LOADED] === true) return;
  globals[LOADED] = true;
  if (/^(true|1|yes|on)$/i.test((env['OTEL_SDK_DISABLED'] ?? '').trim())) return;
  if (workersForbidden()) {
    sayOnce(problem('MON_WORKER_FORBIDDEN'));
    return;
  }

  const begin = (): void => {
    unsubscribe(LISTENING, onListening);
    unsubscribe(REQUEST, begin);
    if (isTool()) return;
    try {
      start();
    } catch (error) {
      sayOnce(problem('MON_START', { got: String((error as Error).stack ?? error) }));
    }
  };
  const onListening = (message: unknown): void => {
    if (isHttpServer((message as { server?: unknown }).server)) begin();
  };
  subscribe(LISTENING, onListening);
  subscribe(REQUEST, begin);
  installModuleHooks(moduleHooks);
}
