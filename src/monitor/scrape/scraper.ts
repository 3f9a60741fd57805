import { Labels, METRIC_NAME } from '../../samples/labels.ts';
import type { SampleStore } from '../../samples/sample-store.ts';
import { readTextFormat } from '../../samples/text-format.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import { Outage } from '../../own-log/outage.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import type { Target } from './target.ts';

/** What one request for a page came to. */
export type ScrapeAnswer =
  { readonly kind: 'page'; readonly text: string } | { readonly kind: 'failed'; readonly reason: string };

export interface ScraperOptions {
  readonly targets: readonly Target[];
  readonly store: SampleStore;
  readonly intervalMs: number;
  readonly ownLog: OwnLog;
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly ask: (target: Target, timeoutMs: number) => Promise<ScrapeAnswer>;
}

/** A page of 50,000 series has 5 MB. Larger ones are not read to their end: they would take the memory of the monitor. */
const MAX_PAGE_BYTES = 16 * 1024 * 1024;
/** Lines are samples or comments; each sample in memory takes more than its line. */
const MAX_PAGE_LINES = 200_000;
/** As with Prometheus, whatever the interval: a slow page is slow, not down. No second request overlaps it. */
const TIMEOUT_MS = 10_000;

/** The body as text; throws when it is larger than a page may be. */
async function readPage(response: Response): Promise<string> {
  const tooLarge = new Error(`the page has more than ${MAX_PAGE_BYTES} bytes or ${MAX_PAGE_LINES} lines`);
  if (Number(response.headers.get('content-length') ?? 0) > MAX_PAGE_BYTES) {
    await response.body?.cancel();
    throw tooLarge;
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let lines = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
    // Leaving the loop ends the connection.
    if (bytes > MAX_PAGE_BYTES || lines > MAX_PAGE_LINES) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const NEWLINE = 0x0a;

/** One GET over HTTP; never rejects. */
export async function askOverHttp(target: Target, timeoutMs: number): Promise<ScrapeAnswer> {
  try {
    const response = await fetch(target.url, {
      headers: {
        accept: 'text/plain;version=0.0.4',
        ...(target.authorization !== undefined && { authorization: target.authorization }),
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { kind: 'failed', reason: `status ${response.status}` };
    }
    return { kind: 'page', text: await readPage(response) };
  } catch (error) {
    const { cause, message } = error as Error;
    return { kind: 'failed', reason: (cause as Error | undefined)?.message ?? message };
  }
}

/**
 * Brings the samples of other services' pages into the store, with the series that Prometheus adds: `up`,
 * `scrape_duration_seconds`, `scrape_samples_scraped`. A target that fails has `up` 0 and its series end.
 */
export class Scraper {
  readonly #options: ScraperOptions;
  readonly #outages = new Map<string, Outage>();
  readonly #busy = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ScraperOptions) {
    this.#options = options;
  }

  start(): void {
    const scrape = (): void => void this.runOnce();
    scrape();
    this.#timer = setInterval(scrape, this.#options.intervalMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Scrapes every target once; never rejects. A target that still answers to the last request is left out. */
  async runOnce(): Promise<void> {
    await Promise.all(this.#options.targets.map((target) => this.#scrape(target)));
  }

  async #scrape(target: Target): Promise<void> {
    if (this.#busy.has(target.url)) return;
    this.#busy.add(target.url);
    const { now, monotonicMs, ask } = this.#options;
    const startedMs = monotonicMs();
    try {
      const atMs = now();
      const answer = await ask(target, TIMEOUT_MS);
      this.#take(target, answer, atMs, (monotonicMs() - startedMs) / 1000);
    } finally {
      this.#busy.delete(target.url);
    }
  }

  #take(target: Target, answer: ScrapeAnswer, atMs: number, durationSeconds: number): void {
    const { store } = this.#options;
    const { url, instance, job } = target;
    const reading = answer.kind === 'page' ? readTextFormat(answer.text) : undefined;
    const invalid = reading?.malformed[0];
    const reason =
      answer.kind === 'failed'
        ? answer.reason
        : invalid && `line ${invalid.line} is not a sample: ${JSON.stringify(invalid.text)}`;
    this.#report(target, reason);
    const samples = reason === undefined ? (reading?.samples ?? []) : [];
    for (const { labels, value, timestampMs } of samples) {
      // As with `honor_labels: false`: what the page has under these names gets others.
      const own = Object.fromEntries(
        Object.entries({ exported_instance: labels.get('instance'), exported_job: labels.get('job') }).filter(
          ([, text]) => text !== '',
        ),
      );
      store.append(labels.with({ ...own, instance, job }), timestampMs ?? atMs, value, 0, url);
    }
    store.endScrape(url, atMs);
    const self = (name: string, value: number): void => {
      store.append(Labels.from({ [METRIC_NAME]: name, instance, job }), atMs, value, 0, `${url} itself`);
    };
    self(catalogue.up.name, reason === undefined ? 1 : 0);
    self(catalogue.scrapeDuration.name, durationSeconds);
    self(catalogue.scrapeSamples.name, samples.length);
  }

  #report(target: Target, reason: string | undefined): void {
    const { shown: where, url } = target;
    const outage = this.#outages.get(url) ?? new Outage(this.#options.ownLog, 'MON_SCRAPE');
    this.#outages.set(url, outage);
    if (reason === undefined) outage.recovered(() => `scraping ${where} works again`);
    else outage.failed(() => ({ where, got: reason }));
  }
}
