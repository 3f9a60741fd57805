import { createRequire } from 'node:module';
import type { NodeSDK } from '@opentelemetry/sdk-node';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { Settings } from '../../config/read-settings.ts';
import type { OwnLog } from '../../own-log/own-log.ts';

/** Traces of the service's own spans, where they were asked for. */
export interface Traces {
  shutdown(): Promise<void>;
}

function start(resource: Readonly<Record<string, string>>): Traces {
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

/**
 * Where traces are asked for, starts OpenTelemetry's NodeSDK for them alone; it reads the standard `OTEL_TRACES_*`
 * variables itself. Loading it costs 300 to 500 ms and it registers globals, so it comes after our own providers,
 * and only where these are the global ones (`global`): what it brings for logs then finds its place taken. It is no
 * dependency of ours, since it brings 50 MB that most never use.
 */
export function startTraces(
  settings: Pick<Settings, 'tracesExporters'>,
  resource: Readonly<Record<string, string>>,
  global: boolean,
  ownLog: OwnLog,
): Traces | undefined {
  if (settings.tracesExporters.every((exporter) => exporter === 'none')) return undefined;
  const where = 'OTEL_TRACES_EXPORTER';
  if (!global) {
    ownLog.problem('MON_TRACES', { where });
    return undefined;
  }
  try {
    return start(resource);
  } catch (error) {
    ownLog.problem('MON_TRACES_SDK', { where, got: (error as Error).message });
    return undefined;
  }
}
