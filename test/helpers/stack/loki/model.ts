import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { entryBytes, lokiEntries, type LokiEntry, type OtlpLogs } from './entry.ts';
import { readLokiLimits, type LokiLimits } from './limits.ts';
import { LokiStream, RateLimit } from './stream.ts';
import { invalid, keptLine, type Invalid } from './validate.ts';

export interface Answer {
  readonly status: 204 | 400 | 429;
  readonly text: string;
}

/**
 * A model of Loki 3.7, not Loki: the documented rules by which it takes or refuses what arrives over OTLP, with the
 * limits of our own configuration. It keeps what it takes in memory.
 */
export class LokiModel {
  readonly streams = new Map<string, LokiStream>();
  /** Entries that were refused, by reason. */
  readonly refused = new Map<Invalid | 'rate_limited' | 'per_stream_rate_limit', number>();
  readonly #limits: LokiLimits;
  readonly #now: () => number;
  readonly #rate: RateLimit;

  constructor(limits: Partial<LokiLimits> = {}, now: () => number = Date.now) {
    this.#limits = { ...readLokiLimits(), ...limits };
    this.#now = now;
    this.#rate = new RateLimit(this.#limits.ingestionBytesPerSecond, this.#limits.ingestionBurstBytes, now());
  }

  /** All that has been taken. */
  entries(): readonly LokiEntry[] {
    return [...this.streams.values()].flatMap((stream) => stream.entries);
  }

  /** How many entries were refused, for whatever reason. */
  refusals(): number {
    return [...this.refused.values()].reduce((sum, count) => sum + count, 0);
  }

  /**
   * Takes what is fit and answers as Loki does: 400 when an entry is refused for good (the others are kept), 429
   * when there is too much now.
   */
  push(logs: OtlpLogs): Answer {
    const nowMs = this.#now();
    const entries = lokiEntries(logs, this.#limits, BigInt(nowMs) * 1_000_000n);
    const fit = entries.filter((entry) => !this.#refuseInvalid(entry, nowMs));
    const bytes = fit.reduce((sum, entry) => sum + entryBytes(entry), 0);
    if (!this.#rate.take(bytes, nowMs)) {
      this.#refuse('rate_limited', fit.length);
      return { status: 429, text: 'ingestion rate limit exceeded' };
    }
    const taken = new Set(fit.map((entry) => this.#take(entry, nowMs)));
    if (taken.has('per_stream_rate_limit')) return { status: 429, text: 'Per stream rate limit exceeded' };
    if (fit.length < entries.length || taken.has('too_far_behind'))
      return { status: 400, text: `refused: ${[...this.refused.keys()].join(', ')}` };
    return { status: 204, text: '' };
  }

  #refuse(reason: Invalid | 'rate_limited' | 'per_stream_rate_limit', count = 1): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + count);
  }

  #refuseInvalid(entry: LokiEntry, nowMs: number): boolean {
    const reason = invalid(entry, this.#limits, nowMs);
    if (reason !== undefined) this.#refuse(reason);
    return reason !== undefined;
  }

  #take(entry: LokiEntry, nowMs: number): string {
    const key = JSON.stringify(Object.entries(entry.labels).sort(([one], [other]) => (one < other ? -1 : 1)));
    let stream = this.streams.get(key);
    if (!stream) this.streams.set(key, (stream = new LokiStream(entry.labels, this.#limits, nowMs)));
    const taken = stream.take({ ...entry, line: keptLine(entry.line, this.#limits) }, nowMs);
    if (taken === 'too_far_behind' || taken === 'per_stream_rate_limit') this.#refuse(taken);
    return taken;
  }
}

/** The model behind HTTP, where our collector sends. */
export interface LokiServer {
  readonly model: LokiModel;
  /** Base address: what LOKI_URL names. */
  readonly url: string;
  /** Nobody listens any more; what was taken stays. */
  stop(): Promise<void>;
  /** Listens again on the same port. */
  start(): Promise<void>;
}

/** Serves the model at /otlp/v1/logs of a free port; it reads OTLP as JSON (`encoding: json` of the exporter). */
export async function startLokiModel(model: LokiModel = new LokiModel()): Promise<LokiServer> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    if (request.method !== 'POST' || request.url !== '/otlp/v1/logs') {
      response.writeHead(404).end('404 page not found\n');
      return;
    }
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const { status, text: reason } = model.push(JSON.parse(text.toString()) as OtlpLogs);
    response.writeHead(status).end(reason);
  }
  // A sender that is killed in the middle of a request is what the tests are about.
  const server = createServer(
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  );

  async function listen(port: number): Promise<number> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  const port = await listen(0);
  return {
    model,
    url: `http://127.0.0.1:${port}`,
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    async start() {
      await listen(port);
    },
  };
}
