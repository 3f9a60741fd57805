import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startCollector } from './collector.ts';
import { countLines } from './daily-files.ts';
import { ensureBuilt } from './ensure-built.ts';
import { interruption } from './interruption.ts';
import { startMailServer, type Mail } from './mail-server.ts';
import type { DemoOptions } from './options.ts';
import { startOutsideWorld } from './outside-world.ts';
import { takeMetricsPort } from './ports.ts';
import { printList, printMail, printStages } from './report.ts';
import { createScraper } from './scraper.ts';
import { openScreen } from './screen.ts';
import { startShop } from './shop-process.ts';
import { judge } from './stages.ts';
import { sendVisitors } from './visitors.ts';

const root = join(import.meta.dirname, '..');
/** What a shell answers for a program that SIGINT ended. */
const INTERRUPTED = 130;
const TICK_MS = 1000;
const OUTAGE_STARTS_MS = 6000;
const OUTAGE_MS = 10_000;
const OUTAGE_EVERY_MS = 120_000;

/** Whether the payment provider is out of order, at a time since the start. */
function isOutage(sinceMs: number, forMs: number | undefined): boolean {
  const phaseMs = (sinceMs % OUTAGE_EVERY_MS) - OUTAGE_STARTS_MS;
  const again = sinceMs > OUTAGE_EVERY_MS;
  return phaseMs >= 0 && phaseMs < OUTAGE_MS && !(again && forMs !== undefined);
}

/** Runs the demo to its end and answers its exit code. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const screen = openScreen(process.stdout, process.env, Date.now);
  const opened: (() => Promise<void> | void)[] = [];
  const interrupted = interruption();
  opened.push(() => interrupted.forget());
  try {
    screen.line();
    screen.line(`  ${screen.style('bold', 'Geometra monitoring')}`);
    await ensureBuilt(root, () => screen.line(`  ${screen.style('dim', 'building the package …')}`));
    if (interrupted.signal.aborted) return INTERRUPTED;
    screen.line();
    return await carryThrough(options, screen, opened, interrupted.signal);
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

async function carryThrough(
  options: DemoOptions,
  screen: ReturnType<typeof openScreen>,
  opened: (() => Promise<void> | void)[],
  interrupted: AbortSignal,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'geometra-demo-'));
  const logFolder = join(folder, 'logs');
  const mails: Mail[] = [];
  const startedMs = Date.now();
  const stamp = (): string =>
    screen.style('dim', `${String(Math.round((Date.now() - startedMs) / 1000)).padStart(4)}s`);
  const say = (text: string): void => screen.line(`${stamp()}  ${text}`);

  const collector = await startCollector();
  opened.push(async () => collector.close());
  const world = await startOutsideWorld();
  opened.push(async () => world.close());
  const mailServer = await startMailServer(join(folder, 'mails'), (mail) => {
    mails.push(mail);
    printMail(screen, mail);
  });
  opened.push(async () => mailServer.close());
  const metricsPort = await takeMetricsPort();
  opened.push(() => metricsPort.release());
  const metricsUrl = `http://127.0.0.1:${metricsPort.port}/metrics`;

  const shop = await startShop(
    root,
    {
      DATABASE_FILE: join(folder, 'shop.db'),
      OPENAI_BASE_URL: world.aiUrl,
      PAYMENTS_URL: world.paymentsUrl,
      OTEL_SERVICE_NAME: 'shop',
      OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort.port),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_METRIC_EXPORT_INTERVAL: '2000',
      MONITORING_LOG_DIR: logFolder,
      MONITORING_HOST_INTERVAL: '1s',
      MONITORING_RULES: join(root, 'demo', 'rules.yml'),
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
    },
    join(folder, 'shop.out'),
  );
  opened.push(async () => shop.stop());

  printList(screen, [
    ['shop', `${shop.url}/`],
    ['metrics', metricsUrl],
    ['logs', logFolder],
    ['mails', join(folder, 'mails')],
    ['run as', shop.command],
    ['ends', options.forMs === undefined ? 'with Ctrl-C' : `after ${options.forMs / 1000} s`],
  ]);

  const scraper = createScraper(metricsUrl, (name, state) => {
    const colour = state === 'firing' ? 'red' : state === 'pending' ? 'yellow' : 'green';
    say(`alert ${name} is ${screen.style(colour, state)}`);
  });
  const visitors = sendVisitors(shop.url);
  const shopReadyMs = Date.now();
  const sinceMs = (): number => Date.now() - shopReadyMs;

  while (!interrupted.aborted && sinceMs() < (options.forMs ?? Infinity) && shop.isRunning()) {
    const outage = isOutage(sinceMs(), options.forMs);
    if (outage !== world.paymentsFail) {
      world.paymentsFail = outage;
      say(outage ? 'the payment provider begins to fail' : 'the payment provider is well again');
    }
    await scraper.scrape();
    const { answered, failed } = visitors.traffic;
    const { logRecords, metricPoints } = collector.counts;
    screen.status(
      `${String(Math.round((Date.now() - startedMs) / 1000)).padStart(4)}s  ${answered} requests, ${failed} failed · ` +
        `${scraper.scraped.metrics.size} metrics · ${logRecords} log records · ${metricPoints} points · ${mails.length} mails`,
    );
    await delay(TICK_MS, undefined, { signal: interrupted }).catch(() => undefined);
  }

  if (!shop.isRunning()) say(screen.style('red', `the shop ended by itself:\n${shop.lastWords()}`));
  await visitors.leave();
  await scraper.scrape();
  await shop.stop();
  const results = judge({
    requests: visitors.traffic.answered + visitors.traffic.brokenOff,
    scrapes: scraper.scraped.scrapes,
    metrics: scraper.scraped.metrics.size,
    counted: scraper.scraped.counted,
    logLines: countLines(logFolder),
    logRecords: collector.counts.logRecords,
    metricPoints: collector.counts.metricPoints,
    alertsFired: scraper.scraped.alertsFired,
    mailsFiring: mails.filter((mail) => mail.state === 'firing').length,
    mailsResolved: mails.filter((mail) => mail.state === 'resolved').length,
  });
  const ok = results.every((result) => result.ok);
  printStages(screen, results);
  const verdict = ok
    ? screen.style('green', 'Every stage carried data.')
    : screen.style('red', 'Not every stage carried data.');
  screen.line(`  ${verdict} ${screen.style('dim', `Kept in ${folder}`)}`);
  screen.line();
  if (options.json) {
    const stages = Object.fromEntries(results.map(({ stage, count }) => [stage, count]));
    screen.line(JSON.stringify({ stages, ok }));
  }
  return ok ? 0 : interrupted.aborted ? INTERRUPTED : 1;
}
