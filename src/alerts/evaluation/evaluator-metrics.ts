import type { Evaluator } from './evaluator.ts';
import type { EvaluatorReadings } from './evaluator-status.ts';

interface LabelledValue {
  readonly labels: Record<string, string>;
  readonly value: number;
}

/** One value that the evaluator tells of itself, read at each collection. */
export interface EvaluatorMetric {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge';
  read(): number | readonly LabelledValue[];
}

function byChannel({ channels }: EvaluatorReadings): readonly LabelledValue[] {
  return channels.flatMap(({ name, delivered, failed }) => [
    { labels: { channel: name, result: 'delivered' }, value: delivered },
    { labels: { channel: name, result: 'failed' }, value: failed },
  ]);
}

/** The metrics of an evaluator: `ALERTS` as Prometheus has it, and how evaluation and notification go. */
export function evaluatorMetrics(evaluator: Evaluator): readonly EvaluatorMetric[] {
  const counter = (name: string, help: string, read: EvaluatorMetric['read']): EvaluatorMetric => ({
    name,
    help,
    kind: 'counter',
    read,
  });
  const readings = (): EvaluatorReadings => evaluator.readings();
  return [
    {
      name: 'ALERTS',
      help: 'Pending and firing alerts',
      kind: 'gauge',
      read: () => evaluator.alertSeries().map(({ labels, value }) => ({ labels: { ...labels }, value })),
    },
    counter(
      'monitoring_rule_failures_total',
      'Evaluations of alert rules that failed',
      () => readings().ruleFailures,
    ),
    counter(
      'monitoring_rule_evaluations_missed_total',
      'Evaluations of rule groups that were due and did not take place',
      () => readings().missed.map(({ group, count }) => ({ labels: { group }, value: count })),
    ),
    counter(
      'monitoring_rule_samples_dropped_total',
      'Samples that the alert rules could not take in because they have too many series',
      () => readings().store.droppedSamples,
    ),
    counter('monitoring_notifications_total', 'Attempts to tell of alerts, by channel and result', () =>
      byChannel(readings()),
    ),
    {
      name: 'monitoring_notifications_waiting',
      help: 'Groups of alerts that are due to be told and are not yet, by channel',
      kind: 'gauge',
      read: () =>
        readings().channels.map(({ name, waiting }) => ({ labels: { channel: name }, value: waiting })),
    },
    {
      name: 'monitoring_rule_series',
      help: 'Series that the alert rules keep in memory',
      kind: 'gauge',
      read: () => readings().store.series,
    },
  ];
}
