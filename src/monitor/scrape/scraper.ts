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

/** Larger pages do not come from a service that means well. */
const MAX_PAGE_BYTES = 64 * 1024 * 1024;
const LONGEST_TIMEOUT_MS = 10_000;

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
    if (!response.ok) return { kind: 'failed', reason: `status ${response.status}` };
    if (Number(response.headers.get('content-length') ?? 0) > MAX_PAGE_BYTES) {
      return { kind: 'failed', reason: `the page exceeds ${MAX_PAGE_BYTES} bytes` };
    }
    return { kind: 'page', text: await response.text() };
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
    const { now, monotonicMs, ask, intervalMs } = this.#options;
    const startedMs = monotonicMs();
    try {
      const atMs = now();
      const answer = await ask(target, Math.min(LONGEST_TIMEOUT_MS, intervalMs));
      this.#take(target, answer, atMs, (monotonicMs() - startedMs) / 1000);
    } finally {
      this.#busy.delete(target.url);
    }
  }

  #take(target: Target, answer: ScrapeAnswer, atMs: number, durationSeconds: number): void {
    const { store } = this.#options;
    const { url, instance, job } = target;
    const reading = answer.kind === 'page' ? readTextFormat(answer.text) : undefined;
    const fault = reading?.faults[0];
    const reason =
      answer.kind === 'failed'
        ? answer.reason
        : fault && `line ${fault.line} is not a sample: ${JSON.stringify(fault.text)}`;
    this.#report(target, reason);
    const samples = reason === undefined ? (reading?.samples ?? []) : [];
    for (const { labels, value, timestampMs } of samples) {
      // As with `honor_labels: false`: what the page says of itself keeps another name.
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
