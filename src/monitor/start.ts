import { basename, join, resolve } from 'node:path';
import type { Socket } from 'node:net';
import { millisToHrTime } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type IMetricReader, MeterProvider, type MetricProducer } from '@opentelemetry/sdk-metrics';
import { logsEndpoint, metricsEndpoint, metricsHeaders } from '../config/endpoints.ts';
import type { Settings } from '../config/read-settings.ts';
import { processFolderOf } from '../link/process-end.ts';
import { receiveFrames, sendFrame } from '../link/frames.ts';
import type { AgentMessage, MonitorMessage, MonitorStart } from '../link/messages.ts';
import { readAgentMessage } from '../link/read-message.ts';
import { recoverSpool } from '../logging/recovery/recover-spool.ts';
import { SCOPE } from '../metrics/scope.ts';
import { createOwnLog, type OwnLog } from '../own-log/own-log.ts';
import { spoolDirOf } from '../spool/segments.ts';
import { SpoolFolder } from '../spool/spool-folder.ts';
import { AgentLink } from './agents/agent-link.ts';
import type { AgentRequests } from './agents/agent-requests.ts';
import { Agents } from './agents/agents.ts';
import { agentsMetrics } from './agents/agents-metrics.ts';
import { agentsProducers } from './agents/agents-producer.ts';
import { ProcessEnds } from './agents/process-ends.ts';
import { TotalsFile } from './agents/totals-file.ts';
import { ConnectionQueue } from './election/connection-queue.ts';
import { runElection } from './election/run-election.ts';
import { CollectorState } from './export/collector-state.ts';
import { joinProducers } from './export/join-producers.ts';
import { createMetricsPage } from './export/metrics-page.ts';
import { sendOtelLogTo } from './export/otel-log.ts';
import type { OtlpMetrics } from './export/otlp-metrics.ts';
import { PublicAddress } from './export/public-address.ts';
import { registerSelfMetrics, selfMetricsProducer } from './export/self-metrics.ts';
import { HostMetrics, rootMount, sampleHost, systemReadings } from './host/host-metrics.ts';
import { apiRoutes } from './http/api/routes.ts';
import { MonitorServer } from './http/http-server.ts';
import { MonitorRequests } from './requests.ts';
import { createAlerts } from './rules/alerts.ts';
import type { Shipping, ShippingOptions } from './shipping/shipping.ts';
import { Undo } from './undo.ts';

/** A process that does not answer within this time is shown with its last values and `monitoring_agent_up 0`. */
const AGENT_DEADLINE_MS = 1000;

/** What speaks OTLP is loaded only where a collector is set: 4 MB and 10 ms. */
async function startPush(
  settings: Settings,
  producers: readonly MetricProducer[],
  collector: CollectorState,
  ownLog: OwnLog,
): Promise<OtlpMetrics | undefined> {
  const url = metricsEndpoint(settings);
  if (url === undefined) return undefined;
  const { createOtlpMetrics } = await import('./export/otlp-metrics.ts');
  return createOtlpMetrics({
    url,
    headers: metricsHeaders(settings),
    timeoutMs: settings.otlpTimeoutMs,
    intervalMs: settings.metricIntervalMs,
    producers,
    ownLog,
    onReachable: (reachable) => collector.report(url, reachable),
  });
}

async function startShippingTo(
  url: string | undefined,
  options: Omit<ShippingOptions, 'url'>,
): Promise<Shipping | undefined> {
  if (url === undefined) return undefined;
  const { startShipping } = await import('./shipping/shipping.ts');
  return startShipping({ ...options, url });
}

/** Another process of the service, on a socket of its own. */
function serveSocket(socket: Socket, agents: Agents, requests: AgentRequests, ownLog: OwnLog): void {
  const link = new AgentLink({ send: (message) => sendFrame(socket, message) }, agents, requests);
  receiveFrames(
    socket,
    (message) => link.receive(readAgentMessage(message)),
    ({ message }) =>
      ownLog.problem('MON_LINK', { where: 'a process that connected to the monitor', got: message }),
  );
  socket.on('close', () => link.closed());
}

/** The agent of the process that the monitor is a thread of; a separate monitor has none. */
export interface OwnAgent {
  post(message: MonitorMessage): void;
  /** Messages that came before are kept for it. */
  onMessage(receive: (message: AgentMessage) => void): void;
}

/** A monitor that leads. */
export interface Monitor {
  /** Ships and saves what there is, sends what is due, and lets go of everything. */
  stop(): Promise<void>;
}

async function build(
  start: MonitorStart,
  ownAgent: OwnAgent | undefined,
  undo: Undo,
): Promise<Monitor | undefined> {
  const { settings, serviceName, resource, version, cwd, meetingPoint } = start;
  const logDir = resolve(cwd, settings.logDir);
  const ownLog = createOwnLog({ dir: logDir, level: settings.ownLogLevel });
  sendOtelLogTo(ownLog);

  // Whether there is a collector: first of all, since a process that ends early waits for the answer.
  const logsUrl = logsEndpoint(settings);
  const collector = new CollectorState([logsUrl, metricsEndpoint(settings)]);
  collector.watch((reachable) => ownAgent?.post({ kind: 'collector', reachable }));
  void collector.probe();

  // Who leads; followers that connect wait until everything is there.
  const connections = new ConnectionQueue();
  undo.add(() => connections.close());
  const role = await runElection(meetingPoint, connections.accept, ownLog, start.separate ?? false);
  if (role.kind === 'follower') {
    ownAgent?.post({ kind: 'not-leader', steppedDown: false });
    return undefined;
  }
  if (role.kind === 'leader') {
    undo.add(role.release);
    for (const folder of meetingPoint?.foreignFolders ?? [])
      ownLog.problem('MON_RUNTIME_FOLDER', { where: folder, next: `using ${meetingPoint?.socketPath}` });
    ownAgent?.post({ kind: 'leading', socketPath: meetingPoint?.socketPath ?? '' });
  }

  // The metrics of all processes, merged.
  const totalsPath = join(logDir, 'monitoring', `totals-${basename(meetingPoint?.socketPath ?? '')}`);
  const totals = role.kind === 'leader' ? new TotalsFile(totalsPath) : undefined;
  const agents = new Agents({ now: Date.now, deadlineMs: AGENT_DEADLINE_MS, totals });
  undo.add(() => agents.keepTotals());
  collector.watch((reachable) => agents.broadcast({ kind: 'collector', reachable }));
  const kept = start.takeover || (role.kind === 'leader' && role.replaced) ? totals?.read() : undefined;
  if (kept) agents.restore(kept);
  else totals?.discard();
  const ends = new ProcessEnds({
    folder: processFolderOf(logDir),
    serviceName,
    ownLog,
    now: Date.now,
    isLinked: (processId) => agents.isLinked(processId),
    onKilled: (pid, atMs) => agents.sendToOne({ kind: 'process-killed', pid, atMs }),
  });
  undo.add(() => ends.stop());
  // The spool, whose losses are counted with those of the processes.
  const shipping = await startShippingTo(logsUrl, {
    settings,
    logDir,
    serviceName,
    ownLog,
    now: Date.now,
    onReachable: (reachable) => logsUrl !== undefined && collector.report(logsUrl, reachable),
  });
  if (shipping) undo.add(() => shipping.shipper.stop());
  // Without a collector nobody ships: lines that killed processes did not write to the daily files are written here.
  else recoverSpool(new SpoolFolder(spoolDirOf(logDir, serviceName)), logDir, ownLog, Date.now);
  const { shown, pushed } = agentsProducers(agents, ownLog, Date.now, () => shipping?.losses() ?? []);
  const endsProducer = selfMetricsProducer(ends.metrics, millisToHrTime(ends.sinceMs));
  const producer = joinProducers([shown, endsProducer]);

  // Rules over them, and all who read them: the page, the collector, the rules.
  const address = new PublicAddress(settings.externalUrl);
  const externalUrl = (): string => address.url;
  const alerts = await createAlerts({ settings, cwd, logDir, serviceName, producer, ownLog, externalUrl });
  undo.add(() => alerts.stop());
  const page = createMetricsPage([producer, alerts.metrics], settings.targetInfo ?? []);
  const push = await startPush(settings, [pushed, endsProducer, alerts.metrics], collector, ownLog);
  if (push) undo.add(() => push.stop());
  const readers: IMetricReader[] = [page.reader, alerts.reader, ...(push ? [push.reader] : [])];
  const provider = new MeterProvider({ resource: resourceFromAttributes(resource), readers });
  const meter = provider.getMeter(SCOPE, version);

  // The host, and the metrics about all of this.
  const mount = rootMount(process.platform, process.env['SystemDrive']);
  const host = new HostMetrics(meter, () => sampleHost(systemReadings, mount));
  undo.add(() => host.stop());
  registerSelfMetrics(meter, [
    ...agentsMetrics(agents, version, Date.now),
    ...(push?.metrics ?? []),
    ...(shipping?.metrics ?? []),
  ]);

  const server = new MonitorServer({
    host: settings.metricsHost,
    port: settings.metricsPort,
    token: settings.metricsToken,
    allowedHosts: settings.allowedHosts ?? [],
    routes: {
      '/metrics': () => page.render(),
      ...apiRoutes({
        ...alerts,
        intervalMs: settings.rulesIntervalMs,
        useStartTimestamps: !settings.rulesStrict,
        version,
      }),
    },
    ownLog,
    onAddress: (url) => {
      address.serve(url);
      if (url !== undefined) ownLog.info(`metrics on ${url}/metrics (process ${process.pid})`);
      agents.broadcast({ kind: 'ready', metricsUrl: url });
    },
  });
  undo.add(() => server.stop());

  // Everything is there: it begins, and the processes are answered.
  const requests = new MonitorRequests({
    ownLog,
    settings,
    collector,
    host,
    push,
    shipping,
    alerts,
    ends,
    undo,
    steppedDown: ownAgent && (() => ownAgent.post({ kind: 'not-leader', steppedDown: true })),
  });
  if (ownAgent) {
    const own = new AgentLink({ send: (message) => ownAgent.post(message) }, agents, requests);
    ownAgent.onMessage((message) => own.receive(message));
  }
  connections.serve((socket) => serveSocket(socket, agents, requests, ownLog));
  if (settings.metricsExporters.includes('prometheus')) server.start();
  ends.start();
  host.start(settings.hostIntervalMs);
  alerts.start();
  return { stop: () => undo.run() };
}

/**
 * The composition root of the monitor: builds every part and ties them together. Undefined when another monitor of
 * the service leads; the own agent is then notified. After an error nothing of it goes on.
 */
export async function startMonitor(
  start: MonitorStart,
  ownAgent: OwnAgent | undefined,
): Promise<Monitor | undefined> {
  const undo = new Undo();
  try {
    return await build(start, ownAgent, undo);
  } catch (error) {
    await undo.run();
    throw error;
  }
}
