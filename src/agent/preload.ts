import { readFileSync, realpathSync } from 'node:fs';
import { isInternalThread, isMainThread } from 'node:worker_threads';
import { mainProgram } from '../config/main-program.ts';
import { reachOpenTelemetry } from '../sources/opentelemetry/opentelemetry-source.ts';
import { listenOnly, preloadSources } from '../sources/current-sources.ts';
import { workersForbidden } from './connection/monitor-thread.ts';
import type { report as reportProblem } from './report.ts';
import type { ThreadAgent } from './worker-thread.ts';

/** Marks a process in which the preload has run, whatever copy of the package ran it. */
const LOADED = Symbol.for('geometra.monitoring.preload');

/** Whether the preload has run in this process. */
export const isPreloaded = (): boolean => (globalThis as Record<symbol, unknown>)[LOADED] === true;

/** A process that lasts so long is no script: it is observed though it serves nothing. */
const LASTS_MS = 2000;

const isTrue = (text: string | undefined): boolean => /^(true|1|yes|on)$/i.test((text ?? '').trim());

/** Whether what a short process records can be shipped: read here, since the settings are not loaded yet. */
const hasCollector = (env: NodeJS.ProcessEnv): boolean =>
  [
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
    'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  ].some((name) => (env[name] ?? '') !== '');

/** Whether spans are asked for: their SDK has to be there before the program. */
const wantsTraces = (env: NodeJS.ProcessEnv): boolean =>
  !/^(|none)$/i.test((env['OTEL_TRACES_EXPORTER'] ?? '').trim());

/** What the preload does with the agent; neither is called in a tool. */
export interface PreloadedAgent {
  /** With the first thing that wakes it, once: builds the agent, and answers whether there is one. */
  start(): boolean;
  /** Starts traces for the program, before it runs. */
  startTraces(program: string | undefined): void;
  /** Reports a problem on stderr. */
  readonly report: typeof reportProblem;
}

/** Node's test runner and its files, which last and are no service. */
const isTest = (env: NodeJS.ProcessEnv): boolean =>
  env['NODE_TEST_CONTEXT'] !== undefined || process.execArgv.includes('--test');

/**
 * Lets the sources listen and patch, and returns: what a process that observes nothing pays.
 */
export function preload(env: NodeJS.ProcessEnv, agent: PreloadedAgent): void {
  if (!isMainThread || isPreloaded()) return;
  (globalThis as Record<symbol, unknown>)[LOADED] = true;
  // The program is looked at late: a runner such as ts-node puts it into argv while it starts.
  const program = (): ReturnType<typeof mainProgram> =>
    mainProgram({
      script: process.argv[1],
      env,
      readFile: (path) => readFileSync(path, 'utf8'),
      realPath: realpathSync,
    });
  if (isTrue(env['OTEL_SDK_DISABLED'])) {
    listenOnly(() => {
      if (!program().isTool) agent.report('MON_DISABLED', { where: 'OTEL_SDK_DISABLED' });
    });
    return;
  }
  if (workersForbidden()) {
    agent.report('MON_WORKER_FORBIDDEN');
    return;
  }

  let woken = false;
  let worked = false;
  const { sources, loadedBefore } = preloadSources((how) => {
    worked ||= how === 'work';
    if (how === 'service' || (how === 'work' && hasCollector(env))) wake();
  });
  if (loadedBefore.length > 0) agent.report('MON_PRELOAD_LATE', { where: loadedBefore.join(', ') });
  const lasting = setTimeout(() => {
    const { path, isInstalled } = program();
    // A command out of node_modules that serves nothing is a supervisor of the service: nodemon, concurrently, tsx.
    if (path !== undefined && (!isInstalled || worked) && !isTest(env)) wake();
  }, LASTS_MS);
  lasting.unref();
  reachOpenTelemetry((env['MONITORING_REGISTER_GLOBALS'] ?? '').trim().toLowerCase());
  if (wantsTraces(env)) traces();

  function wake(): void {
    if (woken) return;
    woken = true;
    clearTimeout(lasting);
    if (program().isTool || !started()) sources.stop();
  }

  function traces(): void {
    try {
      const { path, isTool } = program();
      if (!isTool) agent.startTraces(path);
    } catch (error) {
      agent.report('MON_START', { got: String((error as Error).stack ?? error) });
    }
  }

  function started(): boolean {
    try {
      return agent.start();
    } catch (error) {
      agent.report('MON_START', { got: String((error as Error).stack ?? error) });
      return false;
    }
  }
}

/**
 * The same in a worker thread of the service: with the first event the thread's side is started, which opens nothing and
 * passes everything on.
 */
export function preloadThread(env: NodeJS.ProcessEnv, start: () => ThreadAgent | undefined): void {
  if (isMainThread || isInternalThread || isPreloaded()) return;
  (globalThis as Record<symbol, unknown>)[LOADED] = true;
  if (isTrue(env['OTEL_SDK_DISABLED'])) return;
  const { sources } = preloadSources((how) => {
    const thread = start();
    if (thread) {
      if (how) thread.wake(how);
    } else sources.stop();
  });
}
