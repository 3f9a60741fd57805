import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCollector, type Collector } from './collector.ts';
import { startMailServer, type Mail, type MailServer } from './mail-server.ts';
import { startOutsideWorld, type OutsideWorld } from './outside-world.ts';
import { takeMetricsPort } from './ports.ts';

/** The environment of the shop: servers on free ports of 127.0.0.1, and a folder. */
export interface Surroundings {
  /** Kept after the demo. */
  readonly folder: string;
  readonly logFolder: string;
  readonly mailFolder: string;
  readonly collector: Collector;
  readonly world: OutsideWorld;
  readonly mailServer: MailServer;
  readonly metricsPort: number;
}

export type Closing = (() => Promise<void> | void)[];

/** Opens the surroundings; what closes them again is put on `closing` as they open. */
export async function openSurroundings(
  closing: Closing,
  onMail: (mail: Mail) => void,
): Promise<Surroundings> {
  const folder = mkdtempSync(join(tmpdir(), 'geometra-demo-'));
  const mailFolder = join(folder, 'mails');
  const collector = await startCollector();
  closing.push(async () => collector.close());
  const world = await startOutsideWorld();
  closing.push(async () => world.close());
  const mailServer = await startMailServer(mailFolder, onMail);
  closing.push(async () => mailServer.close());
  const metrics = await takeMetricsPort();
  closing.push(() => metrics.release());
  return {
    folder,
    logFolder: join(folder, 'logs'),
    mailFolder,
    collector,
    world,
    mailServer,
    metricsPort: metrics.port,
  };
}

/** The environment of the shop: first its own settings, then all that monitoring is set up by. */
export function shopSettings(around: Surroundings, rulesFile: string): Readonly<Record<string, string>> {
  const { collector, mailServer, world } = around;
  return {
    DATABASE_FILE: join(around.folder, 'shop.db'),
    OPENAI_BASE_URL: world.aiUrl,
    PAYMENTS_URL: world.paymentsUrl,

    OTEL_SERVICE_NAME: 'shop',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(around.metricsPort),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_METRIC_EXPORT_INTERVAL: '2000',
    MONITORING_LOG_DIR: around.logFolder,
    MONITORING_HOST_INTERVAL: '1s',
    MONITORING_RULES: rulesFile,
    MONITORING_RULES_INTERVAL: '1s',
    MONITORING_DEFAULT_RULES: 'false',
    MONITORING_NOTIFY_GROUP_WAIT: '1s',
    MONITORING_NOTIFY_GROUP_INTERVAL: '2s',
    MONITORING_SHARE_MONITOR: 'false',
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(mailServer.port),
    SMTP_USER: mailServer.user,
    SMTP_PASSWORD: mailServer.password,
    SMTP_CA_FILE: mailServer.caFile,
    SMTP_TO: 'ops@shop.example',
  };
}
