import { join } from 'node:path';
import { peer } from './peers.ts';
import { freePort, startSink } from './sink.ts';
import { freshFolder } from './work-folder.ts';

export const root = join(import.meta.dirname, '..', '..');
const register = join(root, 'dist', 'register.cjs');
export const AUTO = '@opentelemetry/auto-instrumentations-node';
/** As it comes: traces, metrics and logs over OTLP. */
export const AUTO_DEFAULT = `${AUTO} (default)`;

/** How a service is started in a variant. */
export interface Launch {
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where its metrics page is, once it has observed something; absent where there is none. */
  readonly metricsUrl?: string;
}

/** Cloud detectors would ask addresses outside this machine. */
const DETECTORS = { OTEL_NODE_RESOURCE_DETECTORS: 'env,host,os,process' };
const service = { OTEL_SERVICE_NAME: 'bench' };

async function ours(extra: Readonly<Record<string, string>> = {}): Promise<Launch> {
  const port = await freePort();
  return {
    execArgv: ['--require', register],
    env: {
      ...service,
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      MONITORING_LOG_DIR: freshFolder(),
      ...extra,
    },
    metricsUrl: `http://127.0.0.1:${port}/metrics`,
  };
}

/** The variants of a preloaded or instrumented Express service. */
const launches: Readonly<Record<string, () => Promise<Launch>>> = {
  bare: async () => ({ execArgv: [], env: {} }),
  ours: async () => ours(),
  [AUTO]: async () => {
    const port = await freePort();
    return {
      execArgv: ['--require', peer(`${AUTO}/register`)],
      env: {
        ...service,
        ...DETECTORS,
        OTEL_METRICS_EXPORTER: 'prometheus',
        OTEL_TRACES_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
        OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      },
      metricsUrl: `http://127.0.0.1:${port}/metrics`,
    };
  },
  [AUTO_DEFAULT]: async () => ({
    execArgv: ['--require', peer(`${AUTO}/register`)],
    env: { ...service, ...DETECTORS, OTEL_EXPORTER_OTLP_ENDPOINT: await startSink() },
  }),
  'express-prom-bundle': async () => ({
    execArgv: [],
    env: { BENCH_PROM_BUNDLE: peer('express-prom-bundle') },
  }),
};

export async function launch(variant: string): Promise<Launch> {
  const start = launches[variant];
  if (!start) throw new Error(`no variant "${variant}"`);
  return start();
}

/** What our logger runs with: with a spool when log records are shipped to an endpoint. */
export async function launchLogging(withSpool: boolean): Promise<Launch> {
  return ours(withSpool ? { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${await startSink()}/v1/logs` } : {});
}
