/** An address that is scraped, and the labels that tell its series apart. */
export interface Target {
  /** Without credentials. */
  readonly url: string;
  /** The header for the credentials that stood in the address. */
  readonly authorization: string | undefined;
  /** Host and port, as Prometheus sets it. */
  readonly instance: string;
  readonly job: string;
}

/**
 * Reads `MONITORING_SCRAPE`: addresses, each with an optional job in front: `payments=http://10.0.0.7:9464/metrics`.
 * Credentials in an address (`http://user:password@host`) are sent as HTTP basic authentication. Without a path `/metrics` is meant; without a job it is called `scrape`. Undefined for what is no address.
 */
export function targetOf(entry: string): Target | undefined {
  const named = /^([A-Za-z_][\w-]*)=(.*)$/.exec(entry);
  const address = named?.[2] ?? entry;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  if (url.pathname === '/' || url.pathname === '') url.pathname = '/metrics';
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const authorization =
    credentials === ':' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  url.username = '';
  url.password = '';
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return { url: url.href, authorization, instance: `${url.hostname}:${port}`, job: named?.[1] ?? 'scrape' };
}
