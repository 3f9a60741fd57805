import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const VISITORS = 8;
const PAUSE_MS = 160;
const PATIENCE_MS = 10_000;

export interface Traffic {
  /** Responses of any status. */
  answered: number;
  /** Responses with status 500 and above. */
  failed: number;
  /** Requests that the visitor aborted. */
  brokenOff: number;
  /** Requests without a response. */
  unanswered: number;
}

export interface Visitors {
  readonly traffic: Readonly<Traffic>;
  /** Stops sending requests; resolves after the last response. */
  leave(): Promise<void>;
}

interface Visit {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** The visitor disconnects after this time. */
  readonly goneAfterMs?: number;
}

const NAMES = ['ada', 'emmy', 'euclid', 'hypatia', 'sofia'];
const get = (path: string): Visit => ({ method: 'GET', path });
const post = (path: string, body: unknown): Visit => ({ method: 'POST', path, body });

/** The requests of one visitor, repeated; `n` counts up, so that ids vary but every run is the same. */
function visits(n: number): readonly Visit[] {
  const product = 1 + (n % 8);
  const customer = 1 + (n % 5);
  const orders = `/api/customers/${customer}/orders`;
  const name = NAMES[n % 5];
  // Placed a round ago, by another visitor.
  const order = Math.max(1, n + 1 - VISITORS);
  const list = [
    get('/'),
    get('/api/products'),
    get(`/api/products/${product}`),
    get(`/api/products/${product}/reviews`),
    post('/api/login', { name, password: n % 6 === 0 ? 'forgotten' : `${name}-1234` }),
    post(orders, { product }),
    post(`${orders}/${order}/pay`, {}),
    get(orders),
    post(`/api/products/${product}/reviews`, { stars: 1 + (n % 5), text: 'As straight as advertised.' }),
    post('/api/assistant', { question: 'What does a beginner need?' }),
    post(`${orders}/${order}/pay`, {}),
    get('/api/reports/sales/2026-11'),
  ];
  if (n % 4 === 0) list.push(get(`/api/products/${product + 90}`), get('/favicon.ico'));
  if (n % 5 === 0) list.push({ ...get('/api/reports/sales/2026-10'), goneAfterMs: 40 });
  if (n % 7 === 0) list.push(get('/api/reports/stock'));
  return list;
}

/** Sends eight visitors to the shop, about forty requests per second in total. */
export function sendVisitors(shopUrl: string): Visitors {
  const agent = new Agent({ keepAlive: true, maxSockets: VISITORS * 2 });
  const traffic: Traffic = { answered: 0, failed: 0, brokenOff: 0, unanswered: 0 };
  const leaving = new AbortController();

  async function visit({ method, path, body, goneAfterMs }: Visit): Promise<void> {
    await new Promise<void>((resolve) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const sent = request(shopUrl + path, { method, agent, headers, timeout: PATIENCE_MS }, (response) => {
        traffic.answered += 1;
        if ((response.statusCode ?? 0) >= 500) traffic.failed += 1;
        response.resume().once('close', resolve);
      });
      sent.once('timeout', () => sent.destroy());
      sent.once('error', () => {
        if (goneAfterMs === undefined) traffic.unanswered += 1;
        else traffic.brokenOff += 1;
        resolve();
      });
      sent.end(body === undefined ? undefined : JSON.stringify(body));
      if (goneAfterMs !== undefined) setTimeout(() => sent.destroy(), goneAfterMs);
    });
  }

  async function visitor(number: number): Promise<void> {
    for (let n = number; !leaving.signal.aborted; n += VISITORS) {
      for (const next of visits(n)) {
        if (leaving.signal.aborted) return;
        await visit(next);
        await delay(PAUSE_MS);
      }
    }
  }

  const all = Promise.all(Array.from({ length: VISITORS }, async (_, number) => visitor(number)));
  return {
    traffic,
    async leave() {
      leaving.abort();
      await all;
      agent.destroy();
    },
  };
}
