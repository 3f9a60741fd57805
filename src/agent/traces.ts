import { createRequire } from 'node:module';
import type { NodeSDK } from '@opentelemetry/sdk-node';
import { resourceFromAttributes } from '@opentelemetry/resources';

/** Traces of the service's own spans, where they were asked for. */
export interface Traces {
  shutdown(): Promise<void>;
}

/**
 * Starts OpenTelemetry's NodeSDK for traces only; it reads the standard `OTEL_TRACES_*` variables itself. Loading it
 * costs 300 to 500 ms and it registers globals, so it is loaded only when traces are asked for, after our own
 * providers stand: what it brings for logs then finds its place taken.
 */
export function startTraces(resource: Readonly<Record<string, string>>): Traces {
  const require = createRequire(import.meta.url);
  const { NodeSDK: Sdk } = require('@opentelemetry/sdk-node') as { NodeSDK: typeof NodeSDK };
  const sdk = new Sdk({
    resource: resourceFromAttributes(resource),
    autoDetectResources: false,
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  return { shutdown: () => sdk.shutdown() };
}
