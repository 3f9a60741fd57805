import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import {
  type MetricProducer,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { withoutCredentials } from '../../address/masked.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import { Outage } from '../../own-log/outage.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import { onFailedAttempt } from './failed-attempts.ts';
import type { SelfMetric } from './self-metrics.ts';

export interface OtlpMetricsOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** What is pushed besides the instruments of the monitor. */
  readonly producers: readonly MetricProducer[];
  readonly ownLog: OwnLog;
  /** Whether the collector took what was last sent to it; also when only the first attempt of a push has failed. */
  readonly onReachable: (reachable: boolean) => void;
}

const USER_AGENT = 'geometra-monitoring-metrics';

const STOP_MS = 1000;

/** Counts the pushes of an exporter, and logs its outages. */
class WatchedExporter implements PushMetricExporter {
  succeeded = 0;
  failed = 0;
  readonly #inner: OTLPMetricExporter;
  readonly #url: string;
  readonly #outage: Outage;
  readonly #onReachable: (reachable: boolean) => void;

  constructor(inner: OTLPMetricExporter, { url, ownLog, onReachable }: OtlpMetricsOptions) {
    this.#inner = inner;
    this.#onReachable = onReachable;
    this.#url = withoutCredentials(url);
    this.#outage = new Outage(ownLog, 'MON_METRICS_UNREACHABLE');
  }

  export(metrics: ResourceMetrics, done: (result: ExportResult) => void): void {
    this.#inner.export(metrics, (result) => {
      this.#count(result);
      done(result);
    });
  }

  forceFlush(): Promise<void> {
    return this.#inner.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }

  #count(result: ExportResult): void {
    this.#onReachable(result.code === ExportResultCode.SUCCESS);
    if (result.code === ExportResultCode.SUCCESS) {
      this.succeeded += 1;
      this.#outage.recovered(() => `the collector at ${this.#url} accepts metrics again`);
      return;
    }
    this.failed += 1;
    this.#outage.failed(() => ({ where: this.#url, got: result.error?.message ?? 'no answer' }));
  }
}

export interface OtlpMetrics {
  readonly reader: PeriodicExportingMetricReader;
  readonly metrics: readonly SelfMetric[];
  /** Pushes once more and ends; within `STOP_MS`. Never rejects. */
  stop(): Promise<void>;
}

/** Pushes all metrics to a collector, cumulative, every `intervalMs`. */
export function createOtlpMetrics(options: OtlpMetricsOptions): OtlpMetrics {
  const { url, headers, timeoutMs, intervalMs, producers, onReachable } = options;
  const exporter = new WatchedExporter(
    new OTLPMetricExporter({
      url,
      headers: { ...headers },
      timeoutMillis: timeoutMs,
      userAgent: USER_AGENT,
    }),
    options,
  );
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: Math.min(timeoutMs, intervalMs),
    metricProducers: [...producers],
  });
  const pushes: SelfMetric = {
    ...catalogue.metricPushes,
    read: () => [
      { labels: { result: 'success' }, value: exporter.succeeded },
      { labels: { result: 'failure' }, value: exporter.failed },
    ],
  };
  const stopWatching = onFailedAttempt(USER_AGENT, () => onReachable(false));
  const stop = async (): Promise<void> => {
    await reader.shutdown({ timeoutMillis: STOP_MS }).catch(() => {});
    stopWatching();
  };
  return { reader, metrics: [pushes], stop };
}
