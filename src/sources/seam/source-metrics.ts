import type { Meter } from '@opentelemetry/api';
import { catalogue } from '../../metrics/catalogue.ts';
import { observableOf } from '../../metrics/instruments.ts';
import type { SourceBridge } from './source-bridge.ts';

/** Shows which libraries the sources found, and what of them failed. */
export function sourceMetrics(meter: Meter, sources: SourceBridge): void {
  observableOf(meter, catalogue.sourceInfo).addCallback((result) => {
    for (const { source, library, version, state } of sources.found.all())
      result.observe(1, { source, library, version, state });
  });
  observableOf(meter, catalogue.sourceErrors).addCallback((result) => {
    for (const { source, errors } of sources.counts()) result.observe(errors, { source });
  });
  observableOf(meter, catalogue.sourceDropped).addCallback((result) => {
    for (const { source, dropped } of sources.counts()) result.observe(dropped, { source });
  });
}
