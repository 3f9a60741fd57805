import './agent/entry.ts';

export { MonitoringError } from './errors.ts';
export { StructuredLogger } from './logging/structured-logger.ts';
export {
  AIMetricsCollector,
  DatabaseMetricsCollector,
  SystemMetricsCollector,
} from './metrics/collectors.ts';
export type { AiDetails } from './metrics/collectors.ts';
export type { AiStatus } from './metrics/ai-status.ts';
export { AlertManager } from './alerts/alert-manager.ts';
export type { MetricValue, MetricValues } from './alerts/alert-manager.ts';
export {
  NotificationManager,
  type NotificationManagerOptions,
} from './alerts/notifications/notification-manager.ts';
export type { Notification } from './alerts/notifications/notification-message.ts';
export type { AlertRule } from './alerts/rules/alert-rule.ts';
