import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { provideLogging } from '../logging/current-logging.ts';
import { provideMetrics } from '../metrics/current-recorder.ts';
import { problem } from '../errors.ts';
import { logOnce } from '../own-log/stderr.ts';
import { provideTraces } from './opentelemetry/current-traces.ts';
import { startTraces } from './opentelemetry/traces.ts';
import { currentSources } from '../sources/current-sources.ts';
import { hintAtRegister } from './preload-hint.ts';
import { type Agent, startAgent } from './start.ts';
import { explicitThread, type ThreadAgent } from './worker-thread.ts';

/** One agent per process, also when two copies of the package are loaded. */
const AGENT = Symbol.for('geometra.monitoring.agent');

interface Started {
  readonly agent: Agent | undefined;
}

function start(): Agent | undefined {
  try {
    return startAgent({ env: process.env, monitorFile: join(import.meta.dirname, 'monitor.cjs') });
  } catch (error) {
    logOnce(problem('MON_START', { got: String((error as Error).stack ?? error) }));
    return undefined;
  }
}

/** The agent of this process, started with the first call and never throwing; undefined where monitoring is off or could not start. */
export function currentAgent(): Agent | undefined {
  const globals = globalThis as { [AGENT]?: Started };
  let started = globals[AGENT];
  if (!started) {
    started = { agent: start() };
    globals[AGENT] = started;
  }
  return started.agent;
}

/** For the preload, before the program: traces, where the settings ask for them. Never throws. */
export function startTracesOf(program: string | undefined): void {
  provideTraces(
    startTraces({
      env: process.env,
      program,
      cwd: process.cwd(),
      hostname: hostname(),
      readFile: (path) => readFileSync(path, 'utf8'),
    }),
  );
}

// A worker thread of the service opens nothing of its own: what it records goes to the agent of the process.
const current = isMainThread ? currentAgent : (): ThreadAgent | undefined => explicitThread(process.env);
provideMetrics(() => current());
provideLogging(() => current()?.logging);
// Without a preload as well, what threads record has somewhere to go.
currentSources((how) => {
  if (how) current();
});
if (isMainThread) hintAtRegister(process.env);
