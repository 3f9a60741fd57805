import { OF_SERVICE } from './queries.ts';

/** Requests a second; `matchers` narrow them further, `by` are the labels that are kept. */
export function requestRate(matchers: string, by = '', range = '$__rate_interval'): string {
  return `sum${by === '' ? '' : ` by (${by})`} (rate(http_requests_total{${OF_SERVICE}${matchers}}[${range}]))`;
}

/**
 * Share of the requests that also fit `bad`: 0 where there are none of those, nothing where there are no requests at
 * all.
 */
export function requestShare(bad: string, matchers: string, by = '', range = '$__rate_interval'): string {
  const all = requestRate(matchers, by, range);
  const some = requestRate(`${matchers},${bad}`, by, range);
  return `(${some} or 0 * ${all}) / (${all} > 0)`;
}

/** The duration that the fraction `quantile` of the requests stays below, seconds. */
export function requestSeconds(
  quantile: number,
  matchers: string,
  by: readonly string[] = [],
  range = '$__rate_interval',
): string {
  const labels = ['le', ...by].join(', ');
  const buckets = `http_request_duration_seconds_bucket{${OF_SERVICE}${matchers}}`;
  return `histogram_quantile(${quantile}, sum by (${labels}) (rate(${buckets}[${range}])))`;
}

/** A server error. The status 499 of clients that went away is none. */
export const SERVER_ERROR = 'status=~"5.."';
