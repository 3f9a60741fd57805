import type { TestContext } from 'node:test';
import { parseSeries } from '../../../src/promql/syntax/parser/series-description.ts';
import { SampleStore } from '../../../src/samples/sample-store.ts';
import { type ApiOptions, apiRoutes } from '../../../src/monitor/http/api/routes.ts';
import { MonitorServer } from '../../../src/monitor/http/http-server.ts';
import { createFakeLog, type FakeLog } from '../fake-log.ts';
import { Rig } from '../alerts/rig.ts';

export interface ApiServer {
  readonly url: string;
  readonly rig: Rig;
  readonly store: SampleStore;
  readonly log: FakeLog;
  /** GET of an address below /api/v1/. */
  get(path: string, params?: Readonly<Record<string, string | readonly string[]>>): Promise<ApiAnswer>;
  /** The same as a form by POST. */
  post(path: string, params: Readonly<Record<string, string | readonly string[]>>): Promise<ApiAnswer>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  readonly json: {
    readonly status: string;
    readonly data: unknown;
    readonly errorType?: string;
    readonly error?: string;
    readonly warnings?: readonly string[];
    readonly infos?: readonly string[];
  };
}

export interface ApiServerOptions {
  /** Series in the notation of promqltest, one sample every 15 s. */
  readonly series?: readonly string[];
  /** Seconds of the first sample. */
  readonly second?: number;
  /** A rule file. */
  readonly rules?: string;
  readonly token?: string;
  readonly api?: Partial<ApiOptions>;
}

const INTERVAL_MS = 15_000;

/** Parameters as a query string or a form. */
export function encode(params: Readonly<Record<string, string | readonly string[]>>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(params).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, one]),
    ),
  );
}

async function answerOf(response: Response): Promise<ApiAnswer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json';
  return {
    status: response.status,
    text,
    json: isJson ? (JSON.parse(text) as ApiAnswer['json']) : { status: '', data: text },
  };
}

/** A request to any API of Prometheus' kind. */
export async function request(
  base: string,
  method: 'GET' | 'POST',
  path: string,
  params: Readonly<Record<string, string | readonly string[]>> = {},
): Promise<ApiAnswer> {
  const encoded = encode(params);
  const url = `${base}/api/v1/${path}`;
  return answerOf(
    method === 'GET'
      ? await fetch(`${url}?${encoded.toString()}`)
      : await fetch(url, { method: 'POST', body: encoded }),
  );
}

/** The API over a store with these series, behind the monitor's own server on a free port. */
export async function apiServer(t: TestContext, options: ApiServerOptions = {}): Promise<ApiServer> {
  const store = new SampleStore({ retentionMs: Number.POSITIVE_INFINITY });
  const beginMs = (options.second ?? 0) * 1000;
  for (const text of options.series ?? []) {
    const { labels, points } = parseSeries(text);
    for (const [i, point] of points.entries()) {
      const atMs = beginMs + i * INTERVAL_MS;
      if (point.kind === 'value') store.append(labels, atMs, point.value);
      else if (point.kind === 'stale') store.appendStale(labels, atMs);
    }
  }
  const rig = new Rig({ rules: options.rules ?? '', overrides: { store } });
  const log = createFakeLog();
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = new MonitorServer({
    host: '127.0.0.1',
    port: 0,
    token: options.token,
    routes: apiRoutes({
      store,
      evaluator: rig.evaluator,
      intervalMs: 60_000,
      version: '1.2.3',
      now: () => rig.nowMs,
      ...options.api,
    }),
    ownLog: log,
    onAddress: (url) => resolve(url ?? ''),
  });
  server.start();
  t.after(() => server.stop());
  const url = await promise;
  return {
    url,
    rig,
    store,
    log,
    get: (path, params) => request(url, 'GET', path, params),
    post: (path, params) => request(url, 'POST', path, params),
  };
}
