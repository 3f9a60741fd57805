import { formatBound } from '../samples/format-number.ts';
import { Labels, METRIC_NAME } from '../samples/labels.ts';
import { parseLabels } from '../promql/syntax/parser/series-description.ts';
import type { Io } from './command.ts';
import { settingsOf } from './environment.ts';
import { askText } from './remote/http-request.ts';

/** The labels of a line of the text format, name included; the bounds of buckets as Prometheus stores them. */
function labelsOfLine(line: string): Labels | undefined {
  const head = /^(?:[^\s{]*\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\}|[^\s{]+(?=\s))/.exec(line)?.[0];
  if (head === undefined) return undefined;
  try {
    const labels = parseLabels(head);
    const bound = labels.get('le');
    return bound === '' ? labels : labels.with({ le: formatBound(Number(bound.replace('Inf', 'Infinity'))) });
  } catch {
    return undefined;
  }
}

/** The series of a page in the text format of Prometheus, values left out. Lines that are none are skipped. */
export function seriesOfPage(text: string): readonly Labels[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const series = lines.map(labelsOfLine).filter((labels) => labels !== undefined);
  return series.filter((labels) => labels.has(METRIC_NAME));
}

/** Asks an address for its series, with MONITORING_METRICS_TOKEN where it is set. Throws a `MonitoringError` (MON_REMOTE). */
export async function fetchSeries(address: string, io: Io): Promise<readonly Labels[]> {
  const { settings } = settingsOf(io);
  const url = /\/[^/]+$/.test(new URL(address).pathname) ? address : new URL('/metrics', address).href;
  const { body } = await askText(url, { token: settings.metricsToken });
  return seriesOfPage(body);
}
