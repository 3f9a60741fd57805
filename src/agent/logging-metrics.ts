import type { Meter } from '@opentelemetry/api';
import type { Logging } from '../logging/logging.ts';

/** Shows what was lost of log records and why; zero in all four is the promise. */
export function loggingMetrics(meter: Meter, logging: Logging): void {
  meter
    .createObservableCounter('monitoring_log_records_lost_total', {
      description:
        'Log records lost: file (their line in a daily file), spool (could not be kept for the collector), full (spool over its limit), error',
    })
    .addCallback((result) => {
      const { lost, notSpooled, dropped, failed } = logging.stats();
      result.observe(lost, { reason: 'file' });
      result.observe(notSpooled, { reason: 'spool' });
      result.observe(dropped, { reason: 'full' });
      result.observe(failed, { reason: 'error' });
    });
}
