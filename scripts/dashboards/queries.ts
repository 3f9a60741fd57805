import * as loki from '@grafana/grafana-foundation-sdk/loki';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import { LOGS, METRICS } from './variables.ts';

/** What a panel asks: an expression, and how a series of its answer is named. */
export interface Query {
  readonly expr: string;
  /** A template of Grafana, `{{endpoint}}`; empty for panels that show one value. */
  readonly legend?: string;
}

/**
 * Label matchers that every query of metrics begins with. `job` and `instance` are what Prometheus knows a service by:
 * those of the scrape, or <service.namespace>/<service.name> and service.instance.id where it came by OTLP.
 */
export const OF_SERVICE = 'job=~"$job",instance=~"$instance"';

/**
 * Least step. Grafana makes `$__rate_interval` four times as long: long enough for services that push every minute
 * (OTEL_METRIC_EXPORT_INTERVAL, the default) as well as for those that are scraped every 15 seconds.
 */
const LEAST_STEP = '1m';

function metricQuery({ expr, legend = '' }: Query, refId: string): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder().datasource(METRICS).expr(expr).legendFormat(legend).refId(refId);
}

const refIdOf = (index: number): string => String.fromCodePoint('A'.codePointAt(0)! + index);

/** Values over the time shown. */
export function overTime(queries: readonly Query[]): prometheus.DataqueryBuilder[] {
  return queries.map((query, i) => metricQuery(query, refIdOf(i)).range().interval(LEAST_STEP));
}

/** One value per series, over the selected time range if the expression has `$__range`. */
export function atOnce(queries: readonly Query[], asTable = false): prometheus.DataqueryBuilder[] {
  return queries.map((query, i) => {
    const built = metricQuery(query, refIdOf(i)).instant();
    return asTable ? built.format(prometheus.PromQueryFormat.Table) : built;
  });
}

/** Buckets of a histogram over the time shown; the legend has to be `{{le}}`. */
export function asHeatmap(expr: string): prometheus.DataqueryBuilder[] {
  const query = metricQuery({ expr, legend: '{{le}}' }, 'A').range().interval(LEAST_STEP);
  return [query.format(prometheus.PromQueryFormat.Heatmap)];
}

/** Lines, or numbers counted from lines, of Loki. */
export function inLogs({ expr, legend = '' }: Query, most?: number): readonly [query: loki.DataqueryBuilder] {
  const query = new loki.DataqueryBuilder()
    .datasource(LOGS)
    .expr(expr)
    .legendFormat(legend)
    .queryType('range')
    .refId('A');
  return [most === undefined ? query : query.maxLines(most)];
}
