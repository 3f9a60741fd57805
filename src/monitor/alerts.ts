import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type MetricProducer, MetricReader } from '@opentelemetry/sdk-metrics';
import { createEvaluator, type Evaluator } from '../alerts/evaluator.ts';
import { defaultGroups } from '../alerts/default-rules/index.ts';
import { evaluatorMetrics } from '../alerts/evaluator-metrics.ts';
import { createNotifier } from '../alerts/notifications/create-notifier.ts';
import type { LoadedRules } from '../alerts/rules/load-rules.ts';
import { SampleStore } from '../alerts/samples/sample-store.ts';
import { createStateFile } from '../alerts/state-file.ts';
import type { Settings } from '../config/read-settings.ts';
import { safeName } from '../logging/logger-names.ts';
import type { OwnLog } from '../logging/own-log.ts';
import { selfMetricsProducer } from './self-metrics.ts';

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
  readonly evaluator: Evaluator;
  /** The samples that the rules are evaluated over. */
  readonly store: SampleStore;
  /** The metrics of the evaluator, `ALERTS` among them. */
  readonly metrics: MetricProducer;
}

const listFolder = (path: string): string[] | undefined =>
  statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : undefined;

/** The YAML library costs 10 MB and is loaded only where there are rule files. */
async function loadRuleFiles(paths: readonly string[]): Promise<LoadedRules> {
  if (paths.length === 0) return { groups: [], problems: [], files: [] };
  const { loadRules } = await import('../alerts/rules/load-rules.ts');
  return loadRules(paths, { readFile: (path) => readFileSync(path, 'utf8'), listFolder });
}

/** Loads the rules and builds their evaluator; it begins with `evaluator.start()`. */
export async function createAlerts(options: AlertsOptions): Promise<Alerts> {
  const { settings, cwd, logDir, serviceName, producer, ownLog } = options;
  const paths = (settings.rules ?? []).map((path) => resolve(cwd, path));
  const loaded = await loadRuleFiles(paths);
  ownLog.problems(loaded.problems);
  const store = new SampleStore();
  const metrics = selfMetricsProducer(() => evaluatorMetrics(evaluator));
  const reader = new AlertReader({ metricProducers: [producer, metrics] });
  const evaluator: Evaluator = createEvaluator({
    groups: [...(settings.defaultRules ? defaultGroups() : []), ...loaded.groups],
    store,
    collect: async () => (await reader.collect()).resourceMetrics,
    notifier: createNotifier({ settings, service: serviceName, ownLog }),
    ownLog,
    intervalMs: settings.rulesIntervalMs,
    maxRangeMs: settings.rulesMaxRangeMs,
    stateFile: createStateFile(join(logDir, 'monitoring', `alerts-${safeName(serviceName)}.json`)),
    externalLabels: { service: serviceName },
  });
  return { reader, evaluator, store, metrics };
}
