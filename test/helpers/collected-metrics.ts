import { type MetricData, MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Meter } from '@opentelemetry/api';
import { AgentReader } from '../../src/agent/collection/agent-reader.ts';
import { createInstruments, type Instruments } from '../../src/metrics/instruments.ts';
import { LabelLimit } from '../../src/metrics/label-limit.ts';
import { Recorder } from '../../src/metrics/recorder.ts';
import { SCOPE } from '../../src/metrics/scope.ts';

/** A recorder on real instruments of a real provider, and what a collection finds in them. */
export interface CollectedMetrics {
  readonly meter: Meter;
  readonly instruments: Instruments;
  readonly recorder: Recorder;
  /** All metrics that have a point. */
  readonly read: () => Promise<readonly MetricData[]>;
  /** The points of one metric as `label=value,label=value` → value, for a histogram its count. */
  readonly points: (name: string) => Promise<Readonly<Record<string, number>>>;
}

export function collectedMetrics(maxLabelValues = 100): CollectedMetrics {
  const reader = new AgentReader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter(SCOPE);
  const instruments = createInstruments(meter);
  const limit = (): LabelLimit => new LabelLimit(maxLabelValues, () => {});
  const recorder = new Recorder(instruments, {
    endpoint: limit(),
    model: limit(),
    database: limit(),
    application: limit(),
    event: limit(),
  });

  async function read(): Promise<readonly MetricData[]> {
    const { scopeMetrics } = await reader.read();
    return scopeMetrics.flatMap(({ metrics }) => metrics).filter(({ dataPoints }) => dataPoints.length > 0);
  }

  return {
    meter,
    instruments,
    recorder,
    read,
    async points(name) {
      const metric = (await read()).find(({ descriptor }) => descriptor.name === name);
      const points: Record<string, number> = {};
      for (const { attributes, value } of metric?.dataPoints ?? []) {
        const labels = Object.entries(attributes).map(([key, text]) => `${key}=${String(text)}`);
        points[labels.join(',')] = typeof value === 'number' ? value : value.count;
      }
      return points;
    },
  };
}
