import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { countLines } from './daily-files.ts';
import { ensureBuilt } from './ensure-built.ts';
import { interruption } from './interruption.ts';
import type { Mail } from './mail-server.ts';
import type { DemoOptions } from './options.ts';
import { printList, printMail, printStages } from './report.ts';
import { createScraper, type Scraper } from './scraper.ts';
import { openScreen, type Screen } from './screen.ts';
import { startShop, type Shop } from './shop-process.ts';
import { judge, type StageResult } from './stages.ts';
import { openSurroundings, shopSettings, type Closing, type Surroundings } from './surroundings.ts';
import { sendVisitors, type Visitors } from './visitors.ts';

const root = join(import.meta.dirname, '..');
/** The shell's exit code for a program that SIGINT ended. */
const INTERRUPTED = 130;
const TICK_MS = 1000;
const OUTAGE_STARTS_MS = 6000;
const OUTAGE_MS = 10_000;
const OUTAGE_EVERY_MS = 120_000;

/** Whether the payment provider fails at a time since the start; repeats if the run has no end. */
function isOutage(sinceMs: number, forMs: number | undefined): boolean {
  if (sinceMs > OUTAGE_EVERY_MS && forMs !== undefined) return false;
  const phaseMs = (sinceMs % OUTAGE_EVERY_MS) - OUTAGE_STARTS_MS;
  return phaseMs >= 0 && phaseMs < OUTAGE_MS;
}

/** One run: open resources and results so far. */
interface Run {
  readonly options: DemoOptions;
  readonly screen: Screen;
  readonly startedMs: number;
  readonly around: Surroundings;
  readonly shop: Shop;
  readonly visitors: Visitors;
  readonly scraper: Scraper;
  readonly mails: readonly Mail[];
}

const clock = (startedMs: number): string =>
  `${String(Math.round((Date.now() - startedMs) / 1000)).padStart(4)}s`;

async function start(options: DemoOptions, screen: Screen, closing: Closing): Promise<Run> {
  const mails: Mail[] = [];
  const around = await openSurroundings(closing, (mail) => {
    mails.push(mail);
    printMail(screen, mail);
  });
  const settings = shopSettings(around, join(root, 'demo', 'rules.yml'));
  const shop = await startShop(root, settings, join(around.folder, 'shop.out'));
  closing.push(async () => shop.stop());
  const metricsUrl = `http://127.0.0.1:${around.metricsPort}/metrics`;
  printList(screen, [
    ['shop', `${shop.url}/`],
    ['metrics', metricsUrl],
    ['logs', around.logFolder],
    ['mails', around.mailFolder],
    ['run as', shop.command],
    ['stops', options.forMs === undefined ? 'with Ctrl-C' : `after ${options.forMs / 1000} s`],
  ]);

  const startedMs = Date.now();
  const scraper = createScraper(metricsUrl, (name, state) => {
    const colour = state === 'firing' ? 'red' : state === 'pending' ? 'yellow' : 'green';
    report(screen, startedMs, `alert ${name} is ${screen.style(colour, state)}`);
  });
  return { options, screen, startedMs, around, shop, visitors: sendVisitors(shop.url), scraper, mails };
}

function report(screen: Screen, startedMs: number, text: string): void {
  screen.line(`${screen.style('dim', clock(startedMs))}  ${text}`);
}

function showStatus({ screen, startedMs, around, visitors, scraper, mails }: Run): void {
  const { answered, failed } = visitors.traffic;
  const { logRecords, metricPoints } = around.collector.counts;
  screen.status(
    [
      `${clock(startedMs)}  ${answered} requests, ${failed} failed`,
      `${scraper.scraped.metrics.size} metrics`,
      `${logRecords} log records`,
      `${metricPoints} points`,
      `${mails.length} ${mails.length === 1 ? 'mail' : 'mails'}`,
    ].join(' · '),
  );
}

/** Scrapes, reports and breaks the payment provider until the time is up, the user interrupts or the shop exits. */
async function watch(run: Run, interrupted: AbortSignal): Promise<void> {
  const { options, screen, startedMs, around, shop, scraper } = run;
  for (;;) {
    const sinceMs = Date.now() - startedMs;
    if (interrupted.aborted || sinceMs >= (options.forMs ?? Infinity) || !shop.isRunning()) return;
    const outage = isOutage(sinceMs, options.forMs);
    if (outage !== around.world.paymentsFail) {
      around.world.paymentsFail = outage;
      report(screen, startedMs, `the payment provider ${outage ? 'starts failing' : 'works again'}`);
    }
    await scraper.scrape();
    showStatus(run);
    await delay(TICK_MS, undefined, { signal: interrupted }).catch(() => undefined);
  }
}

/** Stops the traffic, scrapes /metrics once more, stops the shop, and then counts. */
async function finish({
  screen,
  around,
  shop,
  visitors,
  scraper,
  mails,
}: Run): Promise<readonly StageResult[]> {
  if (!shop.isRunning())
    screen.line(screen.style('red', `The shop exited unexpectedly:\n${shop.lastWords()}`));
  await visitors.leave();
  await scraper.scrape();
  await shop.stop();
  const { answered, brokenOff } = visitors.traffic;
  const { scrapes, metrics, counted, alertsFired } = scraper.scraped;
  const { logRecords, metricPoints } = around.collector.counts;
  return judge({
    requests: answered + brokenOff,
    scrapes,
    metrics: metrics.size,
    counted,
    logLines: countLines(around.logFolder),
    logRecords,
    metricPoints,
    alertsFired,
    mailsFiring: mails.filter(({ state }) => state === 'firing').length,
    mailsResolved: mails.filter(({ state }) => state === 'resolved').length,
  });
}

function showResults(
  screen: Screen,
  results: readonly StageResult[],
  folder: string,
  json: boolean,
): boolean {
  const ok = results.every((result) => result.ok);
  printStages(screen, results);
  const verdict = ok ? 'Every stage received data.' : 'Some stages received no data.';
  screen.line(`  ${screen.style(ok ? 'green' : 'red', verdict)}`);
  screen.line(`  ${screen.style('dim', `Files kept in ${folder}`)}`);
  screen.line();
  if (json) {
    const stages = Object.fromEntries(results.map(({ stage, count }) => [stage, count]));
    screen.line(JSON.stringify({ stages, ok }));
  }
  return ok;
}

/** Runs the demo and returns its exit code. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const screen = openScreen(process.stdout, process.env, Date.now);
  const interrupted = interruption();
  const closing: Closing = [() => interrupted.forget()];
  try {
    screen.line();
    screen.line(`  ${screen.style('bold', 'Geometra monitoring')}`);
    await ensureBuilt(root, () => screen.line(`  ${screen.style('dim', 'building the package …')}`));
    if (interrupted.signal.aborted) return INTERRUPTED;
    screen.line();
    const run = await start(options, screen, closing);
    await watch(run, interrupted.signal);
    const results = await finish(run);
    if (showResults(screen, results, run.around.folder, options.json)) return 0;
    return interrupted.signal.aborted ? INTERRUPTED : 1;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}
