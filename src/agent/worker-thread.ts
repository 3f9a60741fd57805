import { readFileSync } from 'node:fs';
import { logsEndpoint } from '../config/endpoints.ts';
import { readSettings } from '../config/read-settings.ts';
import { problem } from '../errors.ts';
import type { MetricsHost } from '../metrics/current-recorder.ts';
import type { Loggers } from '../logging/log-writer.ts';
import { logOnce } from '../own-log/stderr.ts';
import { currentSources } from '../sources/current-sources.ts';
import type { Wake } from '../sources/seam/source-handle.ts';
import { threadLogBridge, threadLoggers } from '../sources/threads/thread-loggers.ts';
import { threadMeter } from '../sources/threads/thread-meter.ts';
import { ThreadPort } from '../sources/threads/thread-port.ts';
import { ThreadRecorder } from '../sources/threads/thread-recorder.ts';

/** Represents the agent in a worker thread of the service: sends everything to the thread that started it. */
export interface ThreadAgent extends MetricsHost {
  readonly logging: Loggers;
  /** Something here starts the agent of the process, if it is not at work yet. */
  wake(how: Wake): void;
}

/** One per thread, also when two copies of the package are loaded in it. */
const THREAD = Symbol.for('geometra.monitoring.thread.1');

function startThread(env: NodeJS.ProcessEnv): ThreadAgent | undefined {
  const { settings } = readSettings(env, (path) => readFileSync(path, 'utf8'));
  if (settings.disabled) return undefined;
  const port = new ThreadPort(() => logOnce(problem('MON_THREAD_ALONE')));
  const woken = new Set<Wake>();
  function wake(how: Wake): void {
    if (woken.has(how)) return;
    woken.add(how);
    port.send({ kind: 'wake', how });
  }

  const recorder = new ThreadRecorder(port);
  const meter = threadMeter();
  const bridge = threadLogBridge(port);
  const withLocation =
    settings.logCodeLocation && (settings.logFormat === 'json' || logsEndpoint(settings) !== undefined);
  const sources = currentSources();
  for (const found of sources.found.all()) port.send({ kind: 'found', found });
  sources.found.onChange = (found) => port.send({ kind: 'found', found });
  sources.start({
    recorder,
    meter,
    observable: () => meter.createObservableGauge(''),
    logging: bridge,
    settings,
    wake,
    onError: (source, error) => logOnce(problem('MON_SOURCE', { where: source, got: String(error) })),
    onSwitchedOff: (source, error) =>
      logOnce(problem('MON_SOURCE_OFF', { where: source, got: String(error) })),
  });
  return {
    recorder,
    logging: threadLoggers(bridge, withLocation),
    sampleHost: () => port.send({ kind: 'sample-host' }),
    wake,
  };
}

/** The agent of this worker thread, started with the first call and never throwing; undefined where monitoring is off. */
export function currentThread(env: NodeJS.ProcessEnv): ThreadAgent | undefined {
  const globals = globalThis as { [THREAD]?: { readonly agent: ThreadAgent | undefined } };
  let started = globals[THREAD];
  if (!started) {
    // First of all: starting sources may come back here.
    globals[THREAD] = started = { agent: undefined };
    try {
      globals[THREAD] = started = { agent: startThread(env) };
    } catch (error) {
      logOnce(problem('MON_START', { got: String((error as Error).stack ?? error) }));
    }
  }
  return started.agent;
}

/** The same for the explicit API, whose calls start the agent of the process. */
export function explicitThread(env: NodeJS.ProcessEnv): ThreadAgent | undefined {
  const agent = currentThread(env);
  agent?.wake('service');
  return agent;
}
