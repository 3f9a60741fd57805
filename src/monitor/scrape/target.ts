import { below, parseAddress } from '../../address/address.ts';
import { maskedAddress } from '../../address/masked.ts';
import { type Problem, problem } from '../../errors.ts';

/** An address that is scraped, and the labels that identify its series. */
export interface Target {
  /** Without credentials. */
  readonly url: string;
  /** Fit for logs. */
  readonly shown: string;
  /** The header for the credentials of the address. */
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
  const given = parseAddress(address);
  if (!given) return undefined;
  const { protocol, hostname, port, pathname } = new URL(given.url);
  return {
    ...(pathname === '/' ? below(given, '/metrics') : given),
    instance: `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`,
    job: named?.[1] ?? 'scrape',
  };
}

/** The targets of `MONITORING_SCRAPE`, and a problem for each entry that is not an address. */
export function targetsOf(entries: readonly string[]): {
  readonly targets: readonly Target[];
  readonly problems: readonly Problem[];
} {
  const targets: Target[] = [];
  const problems: Problem[] = [];
  for (const entry of entries) {
    const target = targetOf(entry);
    if (target) targets.push(target);
    else {
      problems.push(
        problem('MON_CONFIG_VALUE', {
          where: 'MONITORING_SCRAPE',
          expected: 'URLs such as payments=http://10.0.0.7:9464/metrics',
          got: maskedAddress(entry),
          fallback: 'the others',
        }),
      );
    }
  }
  return { targets, problems };
}
