import type { Meter } from '@opentelemetry/api';
import type { Logging } from '../logging/logging.ts';
import { catalogue } from '../metrics/catalogue.ts';
import { observableOf } from '../metrics/instruments.ts';

/** Shows what was lost of log records and why; zero in all four is the promise. */
export function loggingMetrics(meter: Meter, logging: Logging): void {
  observableOf(meter, catalogue.logRecordsLost).addCallback((result) => {
    const { lost, notSpooled, dropped, failed } = logging.stats();
    result.observe(lost, { reason: 'file' });
    result.observe(notSpooled, { reason: 'spool' });
    result.observe(dropped, { reason: 'full' });
    result.observe(failed, { reason: 'error' });
  });
}
