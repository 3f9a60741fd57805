import type { Meter } from '@opentelemetry/api';
import { MeterProvider, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';

class ManualReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

export interface TestMetrics {
  readonly meter: Meter;
  readonly collect: () => Promise<ResourceMetrics>;
}

/** A real meter provider with a reader that collects when asked, as the monitor has one. */
export function createMetrics(): TestMetrics {
  const reader = new ManualReader();
  const provider = new MeterProvider({ readers: [reader] });
  return {
    meter: provider.getMeter('test'),
    collect: async () => (await reader.collect()).resourceMetrics,
  };
}
