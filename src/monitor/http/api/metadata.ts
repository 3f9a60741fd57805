import { type MetricRow, metricRows } from '../../../metrics/catalogue.ts';
import type { Page } from '../http-server.ts';
import { metadataLimitParam, param } from './params.ts';
import { success } from './reply.ts';

const TYPES = {
  counter: 'counter',
  gauge: 'gauge',
  updown: 'gauge',
  histogram: 'histogram',
} as const satisfies Record<MetricRow['kind'], string>;

/** `/api/v1/metadata`: type and help by metric. The text format knows no units, so that they are empty. */
export function metadataPage(request: URL): Page {
  const metric = param(request, 'metric');
  const limit = metadataLimitParam(request, 'limit');
  const perMetric = metadataLimitParam(request, 'limit_per_metric');
  const sorted = metricRows.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  const named = sorted.filter(({ name }) => metric === '' || name === metric);
  const shown = named.slice(0, limit);
  return success(
    Object.fromEntries(
      shown.map(({ name, help, kind }) => [
        name,
        [{ type: TYPES[kind], help, unit: '' }].slice(0, perMetric),
      ]),
    ),
  );
}
