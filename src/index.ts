import './agent/entry.ts';

export { MonitoringError } from './errors.ts';
export { StructuredLogger } from './logging/structured-logger.ts';
export {
  AIMetricsCollector,
  DatabaseMetricsCollector,
  SystemMetricsCollector,
} from './metrics/collectors.ts';
export type { AiDetails } from './metrics/collectors.ts';
export type { AiStatus } from './metrics/recorder.ts';
