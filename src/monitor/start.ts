import { resolve } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type IMetricReader, MeterProvider } from '@opentelemetry/sdk-metrics';
import { logsEndpoint, metricsEndpoint, metricsHeaders } from '../config/endpoints.ts';
import type { AgentMessage, MonitorMessage, MonitorStart } from '../link/messages.ts';
import { createOwnLog } from '../logging/own-log.ts';
import { SCOPE } from '../metrics/scope.ts';
import { Agents } from './agents.ts';
import { agentsProducer } from './agents-producer.ts';
import { startAlerts } from './alerts.ts';
import { HostMetrics, rootMount, sampleHost, systemReadings } from './host-metrics.ts';
import { MonitorServer } from './http-server.ts';
import { lead } from './lead.ts';
import { createMetricsPage } from './metrics-page.ts';
import { createOtlpMetrics } from './otlp-metrics.ts';
import { agentsMetrics } from './agents-metrics.ts';
import { registerSelfMetrics } from './self-metrics.ts';
import { startShipping } from './shipping.ts';
import { TotalsFile } from './totals-file.ts';

/** A process that does not answer within this time is shown with its last values and `monitoring_agent_up 0`. */
const AGENT_DEADLINE_MS = 1000;

/** The composition root of the monitor, run in a worker thread of the service: builds every part and ties them together. */
export async function startMonitor(start: MonitorStart, port: MessagePort): Promise<void> {
  const { settings, resource, version, cwd, meetingPoint, takeover } = start;
  const logDir = resolve(cwd, settings.logDir);
  const ownLog = createOwnLog({ dir: logDir, level: settings.ownLogLevel });
  const toOwnAgent = (message: MonitorMessage): void => port.postMessage(message);

  const agents = new Agents({
    now: Date.now,
    deadlineMs: AGENT_DEADLINE_MS,
    onSpooled: () => shipping?.kick(),
    onSampleHost: () => void host.runOnce(),
    onDrain: (deadlineMs) => drain(deadlineMs),
    onCollected: () => keepTotals(),
  });
  const own = agents.link({ send: toOwnAgent });
  port.on('message', (message: AgentMessage) => own.receive(message));

  const role = await lead(meetingPoint, agents, ownLog);
  if (role === 'follower') {
    toOwnAgent({ kind: 'not-leader' });
    return;
  }
  const totals = role === 'leader' && meetingPoint ? new TotalsFile(meetingPoint.socketPath) : undefined;
  const kept = takeover ? totals?.read() : undefined;
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
  const page = createMetricsPage(producer);
  const pushUrl = metricsEndpoint(settings);
  const push =
    pushUrl === undefined
      ? undefined
      : createOtlpMetrics({
          url: pushUrl,
          headers: metricsHeaders(settings),
          timeoutMs: settings.otlpTimeoutMs,
          intervalMs: settings.metricIntervalMs,
          agents: producer,
          ownLog,
        });
  const alerts = startAlerts({ settings, cwd, logDir, serviceName: start.serviceName, producer, ownLog });
  const readers: IMetricReader[] = [page.reader, alerts.reader];
  if (push) readers.push(push.reader);
  const provider = new MeterProvider({ resource: resourceFromAttributes(resource), readers });
  const meter = provider.getMeter(SCOPE, version);

  const mount = rootMount(process.platform, process.env['SystemDrive']);
  const host = new HostMetrics(meter, () => sampleHost(systemReadings, mount));
  const shipsTo = logsEndpoint(settings);
  const shipping =
    shipsTo === undefined
      ? undefined
      : startShipping({
          settings,
          url: shipsTo,
          logDir,
          ownLog,
          onReachable: (reachable) => agents.broadcast({ kind: 'collector', reachable }),
        });
  registerSelfMetrics(meter, [
    ...agentsMetrics(agents, version, Date.now),
    ...(push?.metrics ?? []),
    ...(shipping?.metrics ?? []),
    ...alerts.metrics,
  ]);

  async function drain(deadlineMs: number): Promise<void> {
    const pushed = push?.reader.forceFlush({ timeoutMillis: deadlineMs }).catch(() => {});
    await Promise.all([pushed, shipping?.drain(deadlineMs)]);
  }

  const servesMetrics = settings.metricsExporters.includes('prometheus');
  if (servesMetrics) {
    new MonitorServer({
      host: settings.metricsHost,
      port: settings.metricsPort,
      token: settings.metricsToken,
      routes: { '/metrics': () => page.render(), ...alerts.routes },
      ownLog,
      onAddress: (url) => {
        if (url !== undefined) ownLog.info(`metrics on ${url}/metrics`);
        agents.broadcast({ kind: 'ready', metricsUrl: url });
      },
    }).start();
  }
  host.start(settings.hostIntervalMs);
  alerts.start();
}
