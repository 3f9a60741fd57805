import { join, resolve } from 'node:path';
import { type MetricProducer, MetricReader } from '@opentelemetry/sdk-metrics';
import { createEvaluator, type Evaluator } from '../../alerts/evaluation/evaluator.ts';
import { defaultGroupsFor } from '../../alerts/default-rules/index.ts';
import { evaluatorMetrics } from '../../alerts/evaluation/evaluator-metrics.ts';
import { createNotifier } from '../../alerts/notifications/create-notifier.ts';
import { createRemoteRules } from '../../alerts/remote/remote-rules.ts';
import type { RuleGroup } from '../../alerts/rules/rule.ts';
import { SampleStore } from '../../samples/sample-store.ts';
import { createStateFile } from '../../alerts/state/state-file.ts';
import type { Settings } from '../../config/read-settings.ts';
import { safeName } from '../../spool/logger-names.ts';
import type { SilenceAnswer, SilenceRequest } from '../../link/silence-messages.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import { RuleFiles } from './rule-files.ts';
import { askOverHttp, Scraper } from '../scrape/scraper.ts';
import { targetsOf } from '../scrape/target.ts';
import { type SelfMetric, selfMetricsProducer } from '../export/self-metrics.ts';
import { answerSilence } from './silence-requests.ts';

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
  /** Address under which people reach the monitor; empty while it is not known. */
  readonly externalUrl: () => string;
}

export interface Alerts {
  readonly reader: MetricReader;
  readonly evaluator: Evaluator;
  /** The samples that the rules are evaluated over. */
  readonly store: SampleStore;
  /** The metrics of the evaluator, `ALERTS` among them. */
  readonly metrics: MetricProducer;
  start(): void;
  /** Loads the rule files again, even if they seem unchanged; false when they have errors and nothing changed. */
  reload(): Promise<boolean>;
  /** Adds, lists or removes silences. */
  silence(request: SilenceRequest): SilenceAnswer;
  stop(): void;
}

function scraperOf(settings: Settings, store: SampleStore, ownLog: OwnLog): Scraper | undefined {
  const { targets, problems } = targetsOf(settings.scrape ?? []);
  ownLog.problems(problems);
  if (targets.length === 0) return undefined;
  return new Scraper({
    targets,
    store,
    intervalMs: settings.rulesIntervalMs,
    ownLog,
    now: Date.now,
    monotonicMs: () => performance.now(),
    ask: askOverHttp,
  });
}

/** Loads the rules and builds their evaluator, which begins with `start()`. */
export async function createAlerts(options: AlertsOptions): Promise<Alerts> {
  const { settings, cwd, logDir, serviceName, producer, ownLog, externalUrl } = options;
  const files = new RuleFiles(
    (settings.rules ?? []).map((path) => resolve(cwd, path)),
    ownLog,
  );
  const { groups: defaults, problems } = defaultGroupsFor(settings);
  ownLog.problems(problems);
  const store = new SampleStore();
  const selfMetrics: SelfMetric[] = [];
  const metrics = selfMetricsProducer(selfMetrics);
  const reader = new AlertReader({ metricProducers: [producer, metrics] });
  const notifier = createNotifier({ settings, service: serviceName, ownLog, externalUrl });
  const evaluator = createEvaluator({
    groups: [...defaults, ...(await files.first())],
    store,
    collect: async () => (await reader.collect()).resourceMetrics,
    notifier,
    ownLog,
    intervalMs: settings.rulesIntervalMs,
    maxRangeMs: settings.rulesMaxRangeMs,
    useStartTimestamps: !settings.rulesStrict,
    remote: settings.prometheusUrl
      ? createRemoteRules({ url: settings.prometheusUrl, token: settings.prometheusToken }, ownLog)
      : undefined,
    stateFile: createStateFile(join(logDir, 'monitoring', `alerts-${safeName(serviceName)}.json`)),
    externalLabels: { service: serviceName },
    externalUrl,
  });
  selfMetrics.push(...evaluatorMetrics(evaluator));
  const scraper = scraperOf(settings, store, ownLog);
  const use = (groups: readonly RuleGroup[]): void => evaluator.setGroups([...defaults, ...groups]);
  return {
    reader,
    evaluator,
    store,
    metrics,
    start() {
      scraper?.start();
      evaluator.start();
      files.watch(settings.rulesIntervalMs, use);
    },
    async reload() {
      const groups = await files.again(true);
      if (groups) use(groups);
      return groups !== undefined;
    },
    silence: (request) => answerSilence(request, notifier, ownLog, Date.now()),
    stop() {
      files.stop();
      scraper?.stop();
      evaluator.stop();
    },
  };
}
