import { parseAddress } from '../../address/address.ts';
import { maskedAddress } from '../../address/masked.ts';
import { MonitoringError } from '../../errors.ts';

export interface Asking {
  /** Sent as a bearer token. A user name and password in the address are sent as such. */
  readonly token: string | undefined;
  /** Sent as a form by POST. */
  readonly form?: URLSearchParams;
  /** Sent as JSON by POST. */
  readonly json?: unknown;
  readonly timeoutMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const UNAUTHORIZED = 401;

function failure(address: string, got: string, help: string): MonitoringError {
  return new MonitoringError('MON_REMOTE', { where: maskedAddress(address), got, help });
}

/** Why a request found no server; `fetch` hides it in the cause. */
function reasonOf(error: unknown): string {
  const { cause, message, name } = error as Error;
  if (name === 'TimeoutError') return 'no response in time';
  const inner = cause as NodeJS.ErrnoException | undefined;
  return inner?.code ?? inner?.message ?? message;
}

/** A URL that `fetch` takes, and what it is to send as credentials. Throws a `MonitoringError` (MON_COMMAND). */
function split(
  address: string,
  token: string | undefined,
): { readonly url: string; readonly authorization: string | undefined } {
  const parsed = /^https?:\/\//i.test(address) ? parseAddress(address) : undefined;
  if (!parsed) {
    const got = `expected a URL such as http://127.0.0.1:9464, got "${maskedAddress(address)}"`;
    throw new MonitoringError('MON_COMMAND', { got, help: 'geometra-monitoring --help' });
  }
  const { url, authorization = token === undefined ? undefined : `Bearer ${token}` } = parsed;
  return { url, authorization };
}

/** Asks an address by HTTP; redirects are followed. Any status but 401 is an answer. Throws a `MonitoringError` (MON_REMOTE). */
export async function ask(address: string, { token, form, json, timeoutMs }: Asking): Promise<Answer> {
  const { url, authorization } = split(address, token);
  let answer: Answer;
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(timeoutMs ?? DEFAULT_TIMEOUT_MS),
      headers: {
        ...(authorization !== undefined && { authorization }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      ...(form !== undefined && { method: 'POST', body: form }),
      ...(json !== undefined && { method: 'POST', body: JSON.stringify(json) }),
    });
    answer = { status: response.status, body: await response.text() };
  } catch (error) {
    throw failure(address, reasonOf(error), 'check the URL, and that the server is running');
  }
  if (answer.status === UNAUTHORIZED) {
    throw failure(address, 'status 401, credentials required', 'set the token in the environment');
  }
  return answer;
}

/** The body of an address that answers with 200. Throws a `MonitoringError` (MON_REMOTE). */
export async function askText(address: string, asking: Asking): Promise<Answer> {
  const answer = await ask(address, asking);
  if (answer.status === 200) return answer;
  throw failure(address, `status ${answer.status}`, 'check the URL');
}
