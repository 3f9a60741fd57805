import type { Meter } from '@opentelemetry/api';
import type { Logging } from '../logging/logging.ts';
import { catalogue } from '../metrics/catalogue.ts';
import { observableOf } from '../metrics/instruments.ts';

/** Shows what was lost of log records and why; zero in all is the promise. */
export function loggingMetrics(meter: Meter, logging: Logging): void {
  observableOf(meter, catalogue.logRecordsLost).addCallback((result) => {
    for (const [reason, count] of Object.entries(logging.stats().lost)) result.observe(count, { reason });
  });
}
