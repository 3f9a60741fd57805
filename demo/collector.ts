import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { serve, type LoopbackServer } from './loopback-server.ts';

const unzip = promisify(gunzip);

/** What the collector has received. */
export interface CollectorCounts {
  logRecords: number;
  metricPoints: number;
  /** Bodies that are not OTLP/JSON. */
  refused: number;
}

export interface Collector extends LoopbackServer {
  readonly counts: Readonly<CollectorCounts>;
}

interface LogsBody {
  readonly resourceLogs?: readonly {
    readonly scopeLogs?: readonly { readonly logRecords?: readonly unknown[] }[];
  }[];
}

type Points = { readonly dataPoints?: readonly unknown[] };
interface MetricsBody {
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics?: readonly {
      readonly metrics?: readonly {
        readonly sum?: Points;
        readonly gauge?: Points;
        readonly histogram?: Points;
      }[];
    }[];
  }[];
}

function logRecords(body: LogsBody): number {
  const scopes = (body.resourceLogs ?? []).flatMap((resource) => resource.scopeLogs ?? []);
  return scopes.reduce((sum, scope) => sum + (scope.logRecords?.length ?? 0), 0);
}

function metricPoints(body: MetricsBody): number {
  const scopes = (body.resourceMetrics ?? []).flatMap((resource) => resource.scopeMetrics ?? []);
  const metrics = scopes.flatMap((scope) => scope.metrics ?? []);
  return metrics.reduce(
    (sum, metric) => sum + ((metric.sum ?? metric.gauge ?? metric.histogram)?.dataPoints?.length ?? 0),
    0,
  );
}

/** A minimal OpenTelemetry collector: receives OTLP/HTTP JSON and counts it. */
export async function startCollector(): Promise<Collector> {
  const counts: CollectorCounts = { logRecords: 0, metricPoints: 0, refused: 0 };

  function take(path: string | undefined, text: string): void {
    const body: unknown = JSON.parse(text);
    if (path === '/v1/logs') counts.logRecords += logRecords(body as LogsBody);
    else if (path === '/v1/metrics') counts.metricPoints += metricPoints(body as MetricsBody);
    else throw new Error(`unknown path ${path}`);
  }

  const server = await serve(async (request, response) => {
    const bytes = await buffer(request);
    const zipped = request.headers['content-encoding'] === 'gzip';
    try {
      take(request.url, (zipped ? await unzip(bytes) : bytes).toString());
    } catch (error) {
      counts.refused += 1;
      throw error;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  return { ...server, counts };
}
