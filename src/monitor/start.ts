import { resolve } from 'node:path';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type IMetricReader, MeterProvider, type MetricProducer } from '@opentelemetry/sdk-metrics';
import { logsEndpoint, metricsEndpoint, metricsHeaders } from '../config/endpoints.ts';
import type { AgentMessage, MonitorMessage, MonitorStart } from '../link/messages.ts';
import type { Settings } from '../config/read-settings.ts';
import { createOwnLog, type OwnLog } from '../own-log/own-log.ts';
import { recoverSpool } from '../logging/recovery/recover-spool.ts';
import { spoolDirOf } from '../spool/segments.ts';
import { SCOPE } from '../metrics/scope.ts';
import { Agents } from './agents/agents.ts';
import { agentsProducer } from './agents/agents-producer.ts';
import { type Alerts, createAlerts } from './rules/alerts.ts';
import { apiRoutes } from './http/api/routes.ts';
import { HostMetrics, rootMount, sampleHost, systemReadings } from './host/host-metrics.ts';
import { MonitorServer } from './http/http-server.ts';
import { lead } from './leading/lead.ts';
import { createMetricsPage } from './export/metrics-page.ts';
import type { OtlpMetrics } from './export/otlp-metrics.ts';
import { agentsMetrics } from './agents/agents-metrics.ts';
import { registerSelfMetrics } from './export/self-metrics.ts';
import type { Shipping, ShippingOptions } from './shipping/shipping.ts';
import { TotalsFile } from './agents/totals-file.ts';

/** A process that does not answer within this time is shown with its last values and `monitoring_agent_up 0`. */
const AGENT_DEADLINE_MS = 1000;

/** What messages of the agents need, once it is there. */
interface Parts {
  readonly host: HostMetrics;
  readonly push: OtlpMetrics | undefined;
  readonly shipping: Shipping | undefined;
  readonly keepTotals: () => void;
  readonly alerts: Alerts;
}

/** What speaks OTLP is loaded only where a collector is set: 4 MB and 10 ms. */
async function startPush(
  settings: Settings,
  producers: readonly MetricProducer[],
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

/** The agent of the process that the monitor is a thread of; a separate monitor has none. */
export interface OwnAgent {
  post(message: MonitorMessage): void;
  onMessage(receive: (message: AgentMessage) => void): void;
}

/** A monitor that leads. */
export interface Monitor {
  /** Ships and saves what there is, tells what is due, and lets go of everything. */
  stop(): Promise<void>;
}

/**
 * The composition root of the monitor: builds every part and ties them together. Undefined when another monitor of
 * the service leads, which the own agent is told.
 */
export async function startMonitor(
  start: MonitorStart,
  ownAgent: OwnAgent | undefined,
): Promise<Monitor | undefined> {
  const { settings, serviceName, resource, version, cwd, meetingPoint, takeover } = start;
  const logDir = resolve(cwd, settings.logDir);
  const ownLog = createOwnLog({ dir: logDir, level: settings.ownLogLevel });

  let parts: Parts | undefined;
  let finishBuilding = (): void => {};
  const built = new Promise<void>((done) => {
    finishBuilding = done;
  });

  const ends = { exit: 0, gone: 0 };
  const agents = new Agents({
    now: Date.now,
    deadlineMs: AGENT_DEADLINE_MS,
    onSpooled: () => parts?.shipping?.shipper.kick(),
    onSampleHost: () => void parts?.host.runOnce(),
    onDrain: async (deadlineMs) => {
      // A process can end while its monitor is still being built.
      await built;
      parts?.host.waitNoMore();
      const pushed = parts?.push?.reader.forceFlush({ timeoutMillis: deadlineMs }).catch(() => {});
      await Promise.all([pushed, parts?.shipping?.shipper.drain(deadlineMs)]);
    },
    onCollected: () => parts?.keepTotals(),
    onEnd: (end) => {
      ends[end.kind] += 1;
      if (end.kind === 'exit')
        ownLog.info(`process ${end.pid} of ${serviceName} ended with code ${end.code}`);
      else {
        ownLog.warning(
          `process ${end.pid} of ${serviceName} is gone without a word: killed, out of memory, or crashed`,
        );
      }
    },
    onReload: async () => (await parts?.alerts.reload()) ?? false,
    onSilence: async (request) => {
      await built;
      return parts?.alerts.silence(request);
    },
    ...(ownAgent && { onYield: () => void makeWay() }),
  });
  if (ownAgent) {
    const own = agents.link({ send: (message) => ownAgent.post(message) });
    ownAgent.onMessage((message) => own.receive(message));
  }

  const role = await lead(meetingPoint, agents, ownLog, start.insists ?? false);
  if (role.kind === 'follower') {
    ownAgent?.post({ kind: 'not-leader', yielded: false });
    finishBuilding();
    return undefined;
  }
  const totals = role.kind === 'leader' && meetingPoint ? new TotalsFile(meetingPoint.socketPath) : undefined;
  const kept = takeover || (role.kind === 'leader' && role.tookOver) ? totals?.read() : undefined;
  if (kept) agents.restore(kept);
  else totals?.discard();
  function keepTotals(): void {
    const current = totals && agents.totals();
    if (current) void totals.write(current);
  }

  diag.setLogger(
    {
      error: (...args: unknown[]) => ownLog.debug(`OpenTelemetry: ${args.map(String).join(' ')}`),
      warn: (...args: unknown[]) => ownLog.debug(`OpenTelemetry: ${args.map(String).join(' ')}`),
      info: () => {},
      debug: () => {},
      verbose: () => {},
    },
    DiagLogLevel.WARN,
  );

  const producer = agentsProducer(agents, ownLog, Date.now);
  let servedUrl: string | undefined;
  const externalUrl = (): string => settings.externalUrl?.replace(/\/+$/, '') ?? servedUrl ?? '';
  const alerts = await createAlerts({
    settings,
    cwd,
    logDir,
    serviceName,
    producer,
    ownLog,
    externalUrl,
  });
  const producers = [producer, alerts.metrics];
  const page = createMetricsPage(producers);
  const push = await startPush(settings, producers, ownLog);
  const readers: IMetricReader[] = [page.reader, alerts.reader];
  if (push) readers.push(push.reader);
  const provider = new MeterProvider({ resource: resourceFromAttributes(resource), readers });
  const meter = provider.getMeter(SCOPE, version);

  const mount = rootMount(process.platform, process.env['SystemDrive']);
  const host = new HostMetrics(meter, () => sampleHost(systemReadings, mount));
  const shipping = await startShippingTo(logsEndpoint(settings), {
    settings,
    logDir,
    serviceName,
    ownLog,
    now: Date.now,
    onReachable: (reachable) => agents.broadcast({ kind: 'collector', reachable }),
  });
  // Without a collector nobody ships: what killed processes owe the daily files is still to be written.
  if (!shipping) recoverSpool(spoolDirOf(logDir, serviceName), logDir, ownLog, Date.now);
  const selfMetrics = [
    ...agentsMetrics(agents, ends, version, Date.now),
    ...(push?.metrics ?? []),
    ...(shipping?.metrics ?? []),
  ];
  registerSelfMetrics(meter, selfMetrics);

  parts = { host, push, shipping, keepTotals, alerts };
  finishBuilding();

  const server = settings.metricsExporters.includes('prometheus')
    ? new MonitorServer({
        host: settings.metricsHost,
        port: settings.metricsPort,
        token: settings.metricsToken,
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
          servedUrl = url;
          if (url !== undefined) ownLog.info(`metrics on ${url}/metrics (process ${process.pid})`);
          agents.broadcast({ kind: 'ready', metricsUrl: url });
        },
      })
    : undefined;
  server?.start();
  host.start(settings.hostIntervalMs);
  alerts.start();

  async function stop(): Promise<void> {
    host.stop();
    alerts.stop();
    const current = totals && agents.totals();
    await Promise.allSettled([server?.stop(), shipping?.shipper.stop(), current && totals.write(current)]);
    if (role.kind === 'leader') role.release();
  }

  /** A separate monitor takes over: ours stops, and our own process links to the other like all the rest. */
  async function makeWay(): Promise<void> {
    await built;
    await stop();
    ownLog.info('a separate monitor takes over');
    ownAgent?.post({ kind: 'not-leader', yielded: true });
  }

  return { stop };
}
