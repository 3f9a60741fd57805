import type { Source, SourceContext, SourceRow } from '../seam/source.ts';
import type { SourceHandle } from '../seam/source-handle.ts';
import { apiHooks } from './api-hooks.ts';
import { FallbackLoggerProvider, type LoggerSource } from './fallback-loggers.ts';
import { FallbackMeterProvider } from './fallback-meters.ts';
import { registerGlobally, switchOff } from './registration.ts';

let handle: SourceHandle | undefined;
let isUsed = false;
let reportLate: (instrument: string) => void = () => {};

/** Wakes the agent with the first thing that is recorded. */
function used(): void {
  if (isUsed) return;
  isUsed = true;
  handle?.take(undefined);
}

const meters = new FallbackMeterProvider({ used, late: (instrument) => reportLate(instrument) });
const loggers = new FallbackLoggerProvider(used);

function observe({ openTelemetry }: SourceContext): Source {
  if (!openTelemetry) return {};
  const { meterProvider, loggerProvider, onProblem } = openTelemetry;
  reportLate = (where) => onProblem('MON_METRIC_CALLBACK', { where });
  meters.attach(meterProvider);
  loggers.attach(loggerProvider);
  const dropped = meters.dropped + loggers.dropped;
  if (dropped > 0) onProblem('MON_OTEL_EARLY', { got: dropped });
  return {};
}

/**
 * The service's own OpenTelemetry where nobody registers an SDK: its copies of `@opentelemetry/api` and `api-logs` answer
 * with our providers instead of those that do nothing. Nothing is registered, so that an SDK of the service that starts
 * later finds what it would find without us. Copies within bundles are not reached.
 */
export const openTelemetrySource: SourceRow = {
  name: 'opentelemetry',
  hooks: apiHooks(meters, loggers, (given) => {
    handle = given;
  }),
  wakes: 'work',
  observe,
};

const NO_LOGGER: LoggerSource = { getLogger: () => ({ emit: () => {}, enabled: () => false }) };

/**
 * How the service's OpenTelemetry is reached: `auto` as above; `never` not at all; `always` by registering our providers
 * globally besides, for copies within bundles.
 */
export function reachOpenTelemetry(mode: string): void {
  if (mode === 'never') switchOff();
  if (mode !== 'always') return;
  registerGlobally(meters, {
    getLogger: (name: string, version?: string, options?: object) =>
      loggers.getLogger(NO_LOGGER, name, version, options),
  });
}
