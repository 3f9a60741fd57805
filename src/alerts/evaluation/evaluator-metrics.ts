import { catalogue, type MetricRow } from '../../metrics/catalogue.ts';
import type { Evaluator } from './evaluator.ts';
import type { EvaluatorReadings } from './evaluator-status.ts';

interface LabelledValue {
  readonly labels: Record<string, string>;
  readonly value: number;
}

/** A row of the catalogue about the evaluator, with how its value is read at each collection. */
export interface EvaluatorMetric extends Pick<MetricRow, 'name' | 'help' | 'unit'> {
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
  const readings = (): EvaluatorReadings => evaluator.readings();
  return [
    {
      ...catalogue.alerts,
      read: () => evaluator.alertSeries().map(({ labels, value }) => ({ labels: { ...labels }, value })),
    },
    { ...catalogue.ruleFailures, read: () => readings().ruleFailures },
    {
      ...catalogue.evaluationsMissed,
      read: () => readings().missed.map(({ group, count }) => ({ labels: { group }, value: count })),
    },
    { ...catalogue.ruleSamplesDropped, read: () => readings().store.droppedSamples },
    { ...catalogue.notifications, read: () => byChannel(readings()) },
    {
      ...catalogue.notificationsWaiting,
      read: () =>
        readings().channels.map(({ name, waiting }) => ({ labels: { channel: name }, value: waiting })),
    },
    { ...catalogue.ruleSeries, read: () => readings().store.series },
  ];
}
