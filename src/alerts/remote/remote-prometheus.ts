import { type Address, below, parseAddress } from '../../address/address.ts';
import { Labels } from '../../samples/labels.ts';
import type { VectorSample } from '../../promql/index.ts';

/** What a server makes of an expression at one time. */
export type RemoteAnswer =
  | { readonly kind: 'ok'; readonly samples: readonly VectorSample[]; readonly notes: readonly string[] }
  /** The expression is wrong: asked again, it fails again. */
  | { readonly kind: 'refused'; readonly error: string }
  /** The server failed, or cannot be reached. */
  | { readonly kind: 'unreachable'; readonly error: string };

/** Asks a server for the value of an expression at a time. Never rejects. */
export type AskRemote = (exprText: string, timeMs: number, signal: AbortSignal) => Promise<RemoteAnswer>;

export interface RemoteOptions {
  /** The address that `/api/v1/query` is appended to; user and password in it are sent as such. */
  readonly url: string;
  readonly token: string | undefined;
}

/** An answer beyond this is none for a rule: about 100,000 series. */
const MAX_BYTES = 32 * 1024 * 1024;
/** Statuses with which the query API rejects the expression (Prometheus, web/api/v1/api.go). */
const REFUSED = new Set([400, 422]);
const REFUSED_TYPES = new Set(['bad_data', 'execution']);

interface Reply {
  readonly status?: string;
  readonly errorType?: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
  readonly data?: {
    readonly resultType?: string;
    readonly result?: unknown;
  };
}

type Point = readonly [seconds: number, value: string];

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Missing in a series of native histograms. */
  readonly value?: Point;
}

function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}

function refused(error: string): RemoteAnswer {
  return { kind: 'refused', error };
}

function unreachable(error: string): RemoteAnswer {
  return { kind: 'unreachable', error };
}

/** Reads an answer of the query API; `status` is that of HTTP. Throws a `SyntaxError` or `TypeError` for what is none. */
function readReply(text: string, status: number): RemoteAnswer {
  const reply = JSON.parse(text) as Reply;
  if (reply.status === 'error') {
    const error = `${reply.errorType}: ${reply.error}`;
    const isRefused = REFUSED.has(status) && REFUSED_TYPES.has(reply.errorType ?? '');
    return isRefused ? refused(error) : unreachable(error);
  }
  if (reply.status !== 'success') throw new TypeError('no status');
  const { resultType, result } = reply.data ?? {};
  const notes = [...(reply.warnings ?? []), ...(reply.infos ?? [])];
  if (resultType === 'scalar') {
    const [, value] = result as Point;
    return { kind: 'ok', samples: [{ labels: Labels.empty, value: numberOf(value) }], notes };
  }
  if (resultType !== 'vector') return refused('rule result is not a vector or scalar');
  const series = result as readonly Series[];
  if (series.some(({ value }) => value === undefined)) {
    return refused('the expression returns native histograms, which are not supported in rules');
  }
  const samples = series.map(({ metric, value }) => ({
    labels: Labels.from(metric),
    value: numberOf(value?.[1] ?? ''),
  }));
  return { kind: 'ok', samples, notes };
}

/** The body as text; throws a `RangeError` when it is too long. */
async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > MAX_BYTES) throw new RangeError(`the response is longer than ${MAX_BYTES / 1024 / 1024} MiB`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headersOf({ authorization }: Address, token: string | undefined): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  return authorization === undefined ? {} : { authorization };
}

function failureText(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
  if (name === 'TimeoutError') return 'no response in time';
  return cause?.code === undefined ? (cause?.message ?? message) : `${cause.code}: ${cause.message}`;
}

/** The query API of a Prometheus, or of what speaks like one: `POST <url>/api/v1/query`. */
export function remotePrometheus({ url, token }: RemoteOptions): AskRemote {
  const address = parseAddress(url);
  if (!address) throw new TypeError('expected an address with http: or https:');
  const headers = headersOf(address, token);
  const target = below(address, '/api/v1/query').url;
  return async (exprText, timeMs, signal) => {
    let status = 0;
    try {
      const body = new URLSearchParams({ query: exprText, time: String(timeMs / 1000) });
      // A token does not follow to where an answer points.
      const response = await fetch(target, { method: 'POST', headers, body, signal, redirect: 'manual' });
      ({ status } = response);
      const text = await readBody(response);
      return readReply(text, status);
    } catch (error) {
      if (status !== 0 && (error instanceof SyntaxError || error instanceof TypeError)) {
        return unreachable(`HTTP status ${status}, not a response from Prometheus`);
      }
      return unreachable(failureText(error));
    }
  };
}
