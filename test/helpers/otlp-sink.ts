import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

interface Attribute {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: number | string;
    readonly [other: string]: unknown;
  };
}

export interface SunkRecord {
  readonly body: string;
  readonly severityText: string;
  readonly severityNumber: number;
  readonly scope: string;
  readonly timeUnixNano: string;
  readonly traceId: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

const plain = (attributes: readonly Attribute[] = []): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** A collector's OTLP/HTTP receiver for JSON, in process: keeps the records and the metric names that arrive. */
export class OtlpSink {
  readonly records: SunkRecord[] = [];
  readonly metrics = new Map<string, unknown>();
  /** Names of the spans that arrived. */
  readonly spans: string[] = [];
  /** Answered instead of 200 while set. */
  failWith: number | undefined;
  readonly #server: Server;
  #watchers: (() => void)[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (this.failWith !== undefined) {
          response.writeHead(this.failWith).end();
          return;
        }
        const raw = Buffer.concat(chunks);
        const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
        this.#take(JSON.parse(body.toString()));
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
  }

  static async start(): Promise<OtlpSink> {
    const sink = new OtlpSink();
    sink.#server.listen(0, '127.0.0.1');
    await once(sink.#server, 'listening');
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get bodies(): string[] {
    return this.records.map((record) => record.body);
  }

  /** Waits until `check` holds over what arrived. */
  async until(check: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + 45_000;
    while (!check()) {
      if (performance.now() > deadline)
        throw new Error(`waited for ${what}; have ${JSON.stringify(this.bodies)}`);
      await new Promise<void>((wake) => {
        this.#watchers.push(wake);
        setTimeout(wake, 200).unref();
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  // oxlint-disable-next-line no-explicit-any -- OTLP/JSON as it comes
  #take(message: any): void {
    for (const { resource, scopeLogs } of message.resourceLogs ?? []) {
      for (const { scope, logRecords } of scopeLogs) {
        for (const record of logRecords) {
          this.records.push({
            body: record.body?.stringValue,
            severityText: record.severityText,
            severityNumber: record.severityNumber,
            scope: scope.name,
            timeUnixNano: record.timeUnixNano,
            traceId: record.traceId,
            attributes: plain(record.attributes),
            resource: plain(resource.attributes),
          });
        }
      }
    }
    for (const { scopeMetrics } of message.resourceMetrics ?? []) {
      for (const { metrics } of scopeMetrics)
        for (const metric of metrics) this.metrics.set(metric.name, metric);
    }
    for (const { scopeSpans } of message.resourceSpans ?? []) {
      for (const { spans } of scopeSpans) for (const span of spans) this.spans.push(span.name);
    }
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const wake of watchers) wake();
  }
}
