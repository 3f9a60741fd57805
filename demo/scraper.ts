import { alertsIn, documentedIn, readSamples, total } from './exposition.ts';

export interface Scraped {
  /** Responses with status 200. */
  scrapes: number;
  /** Documented metrics seen so far. */
  readonly metrics: Set<string>;
  /** Requests counted, by the last page. */
  counted: number;
  /** Alerts that have fired. */
  alertsFired: number;
}

export interface Scraper {
  readonly scraped: Readonly<Scraped>;
  /** Reads the page once; never rejects. */
  scrape(): Promise<void>;
}

/** Scrapes /metrics like Prometheus; `onAlert` is called for every change of an alert state. */
export function createScraper(url: string, onAlert: (name: string, state: string) => void): Scraper {
  const scraped: Scraped = { scrapes: 0, metrics: new Set(), counted: 0, alertsFired: 0 };
  let alerts: ReadonlyMap<string, string> = new Map();

  function follow(next: ReadonlyMap<string, string>): void {
    for (const [name, state] of next) {
      if (alerts.get(name) === state) continue;
      if (state === 'firing') scraped.alertsFired += 1;
      onAlert(name, state);
    }
    for (const [name, state] of alerts) {
      if (!next.has(name)) onAlert(name, state === 'firing' ? 'resolved' : 'inactive');
    }
    alerts = next;
  }

  return {
    scraped,
    async scrape() {
      let page: string;
      try {
        const response = await fetch(url, { signal: AbortSignal.timeout(3000) });
        page = await response.text();
        if (!response.ok) return;
      } catch {
        return;
      }
      scraped.scrapes += 1;
      const samples = readSamples(page);
      for (const name of documentedIn(samples)) scraped.metrics.add(name);
      scraped.counted = total(samples, 'http_requests_total');
      follow(alertsIn(samples));
    },
  };
}
