import { readFileSync, realpathSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { logsEndpoint, metricsEndpoint } from '../config/endpoints.ts';
import { preamble } from '../config/preamble.ts';
import { readSettings, type Settings } from '../config/read-settings.ts';
import { mainProgram } from '../config/main-program.ts';
import { resourceOf } from '../config/service-identity.ts';
import { VERSION } from '../config/version.ts';
import { problem } from '../errors.ts';
import { meetingPointOf } from '../link/meeting-point.ts';
import { processFolderOf } from '../link/process-end.ts';
import { createLogBridge } from '../logging/log-bridge.ts';
import { createLogging } from '../logging/logging.ts';
import type { Logging } from '../logging/logging.ts';
import { createOwnLog } from '../own-log/own-log.ts';
import { logOnce } from '../own-log/stderr.ts';
import { catalogue } from '../metrics/catalogue.ts';
import { createInstruments, observableOf } from '../metrics/instruments.ts';
import { Recorder } from '../metrics/recorder.ts';
import { SCOPE } from '../metrics/scope.ts';
import { currentSources } from '../sources/current-sources.ts';
import { reachOpenTelemetry } from '../sources/opentelemetry/opentelemetry-source.ts';
import { sourceMetrics } from '../sources/seam/source-metrics.ts';
import { AgentReader } from './collection/agent-reader.ts';
import { Collection } from './collection/collection.ts';
import { MonitorLink } from './connection/monitor-link.ts';
import { workersForbidden } from './connection/monitor-thread.ts';
import { AgentEnd } from './ends/agent-end.ts';
import { Drain } from './ends/drain.ts';
import { probeCollector } from './ends/probe-collector.ts';
import { MarkerFile } from './ends/process-marker.ts';
import { watchEnds } from './ends/watch-ends.ts';
import { Inbox } from './inbox.ts';
import { labelLimits } from './label-limits.ts';
import { loggingMetrics } from './logging-metrics.ts';
import { currentTraces } from './opentelemetry/current-traces.ts';
import { processId } from './process-id.ts';
import { Undo } from './undo.ts';

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

const SHUTDOWN_DEADLINE_MS = 2000;

const stackOf = (error: unknown): string => (error as Error | undefined)?.stack ?? String(error);
const readText = (path: string): string => readFileSync(path, 'utf8');

/**
 * Builds the agent. Undefined where it is switched off; throws where it cannot be built, and then nothing of it is
 * left behind.
 */
export function startAgent(options: AgentOptions): Agent | undefined {
  const undo = new Undo();
  try {
    return build(options, undo);
  } catch (error) {
    undo.run();
    throw error;
  }
}

/** The composition root of the agent: each part is made of those above it, and begins nothing before the end. */
function build({ env, monitorFile }: AgentOptions, undo: Undo): Agent | undefined {
  const { settings, problems } = readSettings(env, readText);
  if (settings.disabled) return undefined;
  if (workersForbidden()) {
    logOnce(problem('MON_WORKER_FORBIDDEN'));
    return undefined;
  }

  // Who this process is.
  const cwd = process.cwd();
  const program = mainProgram({
    script: process.argv[1],
    env,
    readFile: readText,
    realPath: realpathSync,
  }).path;
  const logDir = resolve(cwd, settings.logDir);
  const ownLog = createOwnLog({ dir: logDir, level: settings.ownLogLevel });
  const resource = resourceOf(settings, {
    program,
    cwd,
    hostname: hostname(),
    pid: process.pid,
    processId,
    version: VERSION,
    readFile: readText,
  });
  const serviceName = resource['service.name'] ?? '';

  // The link to the monitor, not open yet.
  const meetingPoint = settings.shareMonitor ? meetingPointOf(settings, serviceName, cwd) : undefined;
  if (settings.shareMonitor && !meetingPoint)
    ownLog.problem('MON_RUNTIME_FOLDER', { where: tmpdir(), next: 'each process has a monitor of its own' });
  const link = new MonitorLink({
    monitorFile,
    start: { settings, serviceName, resource, version: VERSION, cwd, meetingPoint },
    hello: { kind: 'hello', processId, pid: process.pid },
    env,
    maxMemoryMb: settings.monitorMemoryMb,
    ownLog,
  });

  // Metrics.
  const reader = new AgentReader();
  const meterProvider = new MeterProvider({ resource: resourceFromAttributes(resource), readers: [reader] });
  const meter = meterProvider.getMeter(SCOPE, VERSION);
  const recorder = new Recorder(createInstruments(meter), labelLimits(settings, ownLog));
  const collection = new Collection(reader, link);
  observableOf(meter, catalogue.monitorDeaths).addCallback((result) => result.observe(link.deaths));

  // Logs.
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
  undo.add(() => logging.close());
  loggingMetrics(meter, logging);

  // The ends of the process.
  const ships = shipsLogs || metricsEndpoint(settings) !== undefined;
  const drain = new Drain(link, collection, ships);
  const traces = currentTraces();
  const marker = new MarkerFile(processFolderOf(logDir), serviceName, processId, Date.now());
  const end = new AgentEnd({ logging, link, collection, drain, traces, marker });
  const signals = settings.handleSignals;
  undo.add(watchEnds(end, { signals, exitDeadlineMs: settings.exitDeadlineMs, ownLog }));

  // What is observed.
  reachOpenTelemetry(settings.registerGlobals);
  const sources = currentSources();
  sourceMetrics(meter, sources);
  sources.start({
    recorder,
    meter,
    observable: (key) => observableOf(meter, catalogue[key]),
    logging: createLogBridge(logging),
    settings,
    openTelemetry: {
      meterProvider,
      loggerProvider: logging.loggerProvider,
      onProblem: (code, params) => ownLog.problem(code, params),
    },
    onError: (source, error) => ownLog.problem('MON_SOURCE', { where: source, got: stackOf(error) }),
    onSwitchedOff: (source, error) =>
      ownLog.problem('MON_SOURCE_OFF', { where: source, got: stackOf(error) }),
  });
  undo.add(() => sources.stop());

  ownLog.problems(problems);
  if (!settings.metricsExporters.includes('prometheus') && metricsEndpoint(settings) === undefined)
    ownLog.problem('MON_METRICS_OFF', {
      where: 'OTEL_METRICS_EXPORTER',
      got: settings.metricsExporters.join(','),
    });
  const facts = { version: VERSION, node: process.version, service: serviceName, pid: process.pid };
  ownLog.info(
    `start ${JSON.stringify(preamble(settings, facts))}`,
    `@geometra/monitoring ${VERSION} started for ${serviceName} (pid ${process.pid}); daily files in ${logDir}`,
  );
  if (ships) probeCollector(settings, drain).catch(() => {});
  undo.add(() => marker.remove());
  marker.begin();
  undo.add(() => void link.close());
  link.open(new Inbox(collection, drain, logging, ownLog));

  return {
    recorder,
    logging,
    settings,
    sampleHost: () => link.post({ kind: 'sample-host' }),
    async shutdown() {
      end.flushSync();
      await end.drain(SHUTDOWN_DEADLINE_MS);
      undo.run();
      await link.close();
    },
  };
}
