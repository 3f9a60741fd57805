export {
  AIMetricsCollector,
  DatabaseMetricsCollector,
  SystemMetricsCollector,
} from './metrics/collectors.ts';
export type { AiDetails } from './metrics/collectors.ts';
export type { AiStatus } from './metrics/recorder.ts';
export { MonitoringError } from './errors.ts';
