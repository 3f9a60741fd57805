import { MetricReader, type MetricProducer } from '@opentelemetry/sdk-metrics';
import type { Settings } from '../config/read-settings.ts';
import type { OwnLog } from '../logging/own-log.ts';
import type { Routes } from './http-server.ts';
import type { SelfMetric } from './self-metrics.ts';

/** The rule evaluator's own reader: collected by the evaluator, on its own rhythm. */
class AlertReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

export interface AlertsOptions {
  readonly settings: Settings;
  readonly cwd: string;
  readonly logDir: string;
  readonly serviceName: string;
  readonly producer: MetricProducer;
  readonly ownLog: OwnLog;
}

export interface Alerts {
  readonly reader: MetricReader;
  readonly routes: Routes;
  readonly metrics: readonly SelfMetric[];
  start(): void;
}

export function startAlerts(options: AlertsOptions): Alerts {
  const reader = new AlertReader({ metricProducers: [options.producer] });
  return { reader, routes: {}, metrics: [], start: () => {} };
}
