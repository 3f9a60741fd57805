import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { logsEndpoint, metricsEndpoint } from '../config/endpoints.ts';
import { preamble } from '../config/preamble.ts';
import { readSettings, type Settings } from '../config/read-settings.ts';
import { resourceOf } from '../config/service-identity.ts';
import { VERSION } from '../config/version.ts';
import { problem } from '../errors.ts';
import { meetingPointOf } from '../link/meeting-point.ts';
import type { MonitorMessage } from '../link/messages.ts';
import { createLogging } from '../logging/logging.ts';
import type { Logging } from '../logging/logging.ts';
import { createOwnLog, type OwnLog } from '../own-log/own-log.ts';
import { createInstruments } from '../metrics/instruments.ts';
import { LabelLimit } from '../metrics/label-limit.ts';
import { type LabelLimits, Recorder } from '../metrics/recorder.ts';
import { SCOPE } from '../metrics/scope.ts';
import { startSources } from '../sources/index.ts';
import { Drain } from './drain.ts';
import { watchEnds } from './ends.ts';
import { registerGlobals } from './globals.ts';
import { loggingMetrics } from './logging-metrics.ts';
import { MonitorLink } from './monitor-link.ts';
import { workersForbidden } from './permission.ts';
import { AgentReader } from './reader.ts';
import { sayOnce } from '../own-log/stderr.ts';
import { SnapshotEncoder } from './snapshot-encoder.ts';
import { startTraces } from './traces.ts';

/** What runs on the service's main thread. */
export interface Agent {
  readonly recorder: Recorder;
  readonly logging: Logging;
  readonly settings: Settings;
  /** Asks the monitor for a sample of the host now. */
  sampleHost(): void;
  /** Ends everything of ours in this process; for programs that start and stop monitoring themselves. */
  shutdown(): Promise<void>;
}

export interface AgentOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The bundled monitor, run as a worker thread. */
  readonly monitorFile: string;
}

function labelLimits(settings: Settings, ownLog: OwnLog): LabelLimits {
  const limit = (where: string, max: number, setting: string): LabelLimit =>
    new LabelLimit(max, (got) => ownLog.problem('MON_LABEL_LIMIT', { where, got, setting }));
  const small = (where: string): LabelLimit =>
    limit(where, settings.maxLabelValues, 'MONITORING_MAX_LABEL_VALUES');
  return {
    endpoint: limit('endpoint', settings.maxEndpoints, 'MONITORING_MAX_ENDPOINTS'),
    model: small('model'),
    database: small('database'),
    application: small('application'),
    event: small('event'),
  };
}

const readText = (path: string): string => readFileSync(path, 'utf8');

/** The composition root of the agent: builds every part and ties them together. Undefined where it is switched off. */
export function startAgent({ env, monitorFile }: AgentOptions): Agent | undefined {
  const { settings, problems } = readSettings(env, readText);
  if (settings.disabled) return undefined;
  if (workersForbidden()) {
    sayOnce(problem('MON_WORKER_FORBIDDEN'));
    return undefined;
  }

  const cwd = process.cwd();
  const processId = randomUUID();
  const ownLog = createOwnLog({ dir: resolve(cwd, settings.logDir), level: settings.ownLogLevel });
  const resource = resourceOf(settings, {
    program: process.argv[1],
    hostname: hostname(),
    pid: process.pid,
    processId,
    version: VERSION,
    readFile: readText,
  });
  const serviceName = resource['service.name'] ?? '';

  const reader = new AgentReader();
  const meterProvider = new MeterProvider({ resource: resourceFromAttributes(resource), readers: [reader] });
  const meter = meterProvider.getMeter(SCOPE, VERSION);
  const recorder = new Recorder(createInstruments(meter), labelLimits(settings, ownLog));

  const shipsLogs = logsEndpoint(settings) !== undefined;
  const logging = createLogging({
    settings,
    resource,
    version: VERSION,
    processId,
    ownLog,
    spool: shipsLogs,
    onRecord: (application, level) => recorder.logRecord(application, level),
    onSecurityEvent: (event) => recorder.securityEvent(event),
    onSpooled: () => link.post({ kind: 'spooled' }),
    cwd,
  });
  loggingMetrics(meter, logging);

  let encoder = new SnapshotEncoder();
  async function answer(request: number): Promise<void> {
    const current = encoder;
    const snapshot = current.encode(await reader.read(), Date.now());
    // A link that opened meanwhile knows nothing of what this encoder has named.
    if (current === encoder)
      link.post({ kind: 'snapshot', request, snapshot }, [snapshot.values.buffer as ArrayBuffer]);
  }

  function onMessage(message: MonitorMessage): void {
    switch (message.kind) {
      case 'collect':
        answer(message.request).catch((error: unknown) =>
          ownLog.error(`collection failed: ${String(error)}`),
        );
        break;
      case 'drained':
        drain.drained(message.request);
        break;
      case 'collector':
        drain.reachable = message.reachable;
        break;
      case 'ready':
      case 'reloaded':
      case 'silenced':
      case 'not-leader':
        break;
    }
  }

  const link = new MonitorLink({
    monitorFile,
    start: {
      settings,
      serviceName,
      resource,
      version: VERSION,
      cwd,
      meetingPoint: settings.shareMonitor ? meetingPointOf(settings, serviceName, cwd) : undefined,
    },
    hello: { kind: 'hello', processId, pid: process.pid },
    env,
    maxMemoryMb: settings.monitorMemoryMb,
    ownLog,
    onOpen: () => {
      encoder = new SnapshotEncoder();
    },
    onMessage,
  });

  const ships = shipsLogs || metricsEndpoint(settings) !== undefined;
  const drain = new Drain(link, ships, () => answer(0));
  watchEnds(
    {
      flushSync: () => logging.flushSync(),
      drainSync: (deadlineMs) => drain.sync(deadlineMs),
      // Told to another process only; our own thread goes with us.
      leave: (code) => {
        if (link.isFollower) link.post({ kind: 'bye', code });
      },
      naturalEnd: () => void answer(0).catch(() => {}),
      drain: async (deadlineMs) => {
        await Promise.all([drain.async(deadlineMs), traces?.shutdown()]);
      },
    },
    { signals: ships && settings.handleSignals, exitDeadlineMs: settings.exitDeadlineMs, ownLog },
  );
  const sources = startSources(recorder, meter, (error) =>
    ownLog.problem('MON_SOURCE', { where: (error as Error).stack ?? String(error) }),
  );
  const global = registerGlobals(
    settings.registerGlobals,
    meterProvider,
    logging.loggerProvider,
    cwd,
    ownLog,
  );
  const traces = startTraces(settings, resource, global, ownLog);
  ownLog.problems(problems);
  const facts = { version: VERSION, node: process.version, service: serviceName, pid: process.pid };
  ownLog.info(
    `start ${JSON.stringify(preamble(settings, facts))}`,
    `@geometra/monitoring ${VERSION} watches ${serviceName} (pid ${process.pid}); daily files in ${resolve(cwd, settings.logDir)}`,
  );
  link.open();

  return {
    recorder,
    logging,
    settings,
    sampleHost: () => link.post({ kind: 'sample-host' }),
    shutdown: async () => {
      sources.stop();
      logging.flushSync();
      await Promise.all([drain.async(2000), traces?.shutdown()]);
      logging.close();
      await link.close();
    },
  };
}
