import { withoutCredentials } from '../../address/masked.ts';
import { MonitoringError } from '../../errors.ts';
import { ask, type Asking } from './http-request.ts';

type Envelope = Readonly<Record<string, unknown>>;

/** The address of a request below a base such as `http://host:9090` or `https://host/prometheus/`. */
export function apiAddress(base: string, path: string): string {
  return `${base.replace(/\/+(?:metrics)?$/, '')}/api/v1/${path}`;
}

function parsed(body: string): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Envelope) : undefined;
  } catch {
    return undefined;
  }
}

/** An error response about the request itself, such as an unknown function in an expression. */
export class RejectedByApi extends Error {
  override readonly name = 'RejectedByApi';
}

/**
 * Queries the Prometheus HTTP API and returns its `data`. Throws a `MonitoringError` (MON_REMOTE) if there is no such API,
 * and `RejectedByApi` if the API rejects the request.
 */
export async function askApi(base: string, path: string, asking: Asking): Promise<unknown> {
  const address = apiAddress(base, path);
  const { status, body } = await ask(address, asking);
  const envelope = parsed(body);
  if (envelope?.['status'] === 'success') return envelope['data'];
  if (envelope?.['status'] === 'error') {
    throw new RejectedByApi(`${String(envelope['errorType'])}: ${String(envelope['error'])}`);
  }
  throw new MonitoringError('MON_REMOTE', {
    where: withoutCredentials(address),
    got: `status ${status}, not a Prometheus API`,
    help: 'use the base URL, such as http://127.0.0.1:9464',
  });
}
