import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { until } from './until.ts';

/** One record as the collector got it. */
export interface CollectedRecord {
  readonly body: string;
  readonly uid: string;
  readonly timeUnixNano: string;
  readonly severityText: string;
  readonly severityNumber: number;
  readonly eventName: string | undefined;
  readonly traceId: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly scope: { readonly name: string; readonly version?: string };
  readonly resource: Readonly<Record<string, unknown>>;
}

/** How one request is answered; records of a `status` of 2xx count as taken. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Response = Reply | 'hang' | 'drop';
export type Respond = (records: readonly CollectedRecord[], request: number) => Response | Promise<Response>;

interface AnyValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values: readonly KeyValue[] };
}
interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}
interface ExportLogsServiceRequest {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeLogs: readonly {
      readonly scope: { readonly name: string; readonly version?: string };
      readonly logRecords: readonly {
        readonly timeUnixNano: string;
        readonly severityText: string;
        readonly severityNumber: number;
        readonly body: AnyValue;
        readonly eventName?: string;
        readonly traceId?: string;
        readonly attributes: readonly KeyValue[];
      }[];
    }[];
  }[];
}

function plain(value: AnyValue): unknown {
  if (value.arrayValue) return value.arrayValue.values.map(plain);
  if (value.kvlistValue) return object(value.kvlistValue.values);
  return value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue ?? null;
}

const object = (pairs: readonly KeyValue[]): Record<string, unknown> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, plain(value)]));

function recordsOf(request: ExportLogsServiceRequest): CollectedRecord[] {
  return request.resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords }) =>
      logRecords.map((record) => {
        const attributes = object(record.attributes);
        return {
          body: String(plain(record.body)),
          uid: String(attributes['log.record.uid']),
          timeUnixNano: record.timeUnixNano,
          severityText: record.severityText,
          severityNumber: record.severityNumber,
          eventName: record.eventName,
          traceId: record.traceId,
          attributes,
          scope,
          resource: object(resource.attributes),
        };
      }),
    ),
  );
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export interface LogCollector {
  readonly url: string;
  /** Records of the requests that were answered with success, in the order of arrival. */
  readonly taken: CollectedRecord[];
  /** Number of records of each request. */
  readonly requests: number[];
  readonly headers: IncomingMessage['headers'][];
  respond: Respond;
  /** Resolves once `count` records were taken. */
  untilTaken(count: number): Promise<void>;
  untilRequests(count: number): Promise<void>;
  close(): Promise<void>;
}

const OK: Reply = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"partialSuccess":{}}',
};

/** A real OTLP/HTTP receiver for logs on a free port; takes everything unless `respond` says otherwise. */
export async function startCollector(t: TestContext, port = 0): Promise<LogCollector> {
  const sockets = new Set<Socket>();
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const records = recordsOf(JSON.parse((await bytesOf(request)).toString()) as ExportLogsServiceRequest);
    collector.requests.push(records.length);
    collector.headers.push(request.headers);
    const reply = await collector.respond(records, collector.requests.length);
    if (reply === 'drop') request.socket.destroy();
    else if (reply !== 'hang') {
      if (reply.status < 300) collector.taken.push(...records);
      response.writeHead(reply.status, reply.headers).end(reply.body);
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: NodeJS.ErrnoException) => {
      // The sender went away in the middle of its request, as at the end of a test.
      if (error.code !== 'ECONNRESET') throw error;
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => void server.listen(port, '127.0.0.1', done));
  const collector: LogCollector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`,
    taken: [],
    requests: [],
    headers: [],
    respond: () => OK,
    untilTaken: (count) =>
      until(() => collector.taken.length >= count, {
        what: () => `${count} records taken, there are ${collector.taken.length}`,
      }),
    untilRequests: (count) =>
      until(() => collector.requests.length >= count, {
        what: () => `${count} requests, there are ${collector.requests.length}`,
      }),
    close: () =>
      new Promise<void>((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
  t.after(() => collector.close());
  return collector;
}

export const ok = (body = '{}'): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body,
});
