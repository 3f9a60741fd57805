import {
  parseLabels,
  parseSeries,
  type SeriesDescription,
} from '../../src/promql/syntax/parser/series-description.ts';
import { ALL_FEATURES } from './features.ts';
import { Labels, METRIC_NAME } from '../../src/samples/labels.ts';
import { SampleStore } from '../../src/samples/sample-store.ts';
import { type LoadCommand, parseTime } from './script.ts';

/** `-30s-1mx2`: an offset from the time of the sample, and what it changes by. */
const OFFSETS = /^([+-]?[\da-z]+?)(?:([+-][\da-z]+?))?(?:x(\d+))?$/;

function offsetsOf(text: string): (number | undefined)[] {
  return text
    .split(/\s+/)
    .filter((item) => item !== '')
    .flatMap((item) => {
      const gap = /^_(?:x(\d+))?$/.exec(item);
      if (gap) return Array.from({ length: Number(gap[1] ?? 1) }, () => undefined);
      const found = OFFSETS.exec(item);
      if (!found) throw new Error(`not a start timestamp: ${item}`);
      const first = parseTime(found[1]!);
      const change = found[2] === undefined ? 0 : parseTime(found[2]);
      return Array.from({ length: Number(found[3] ?? 0) + 1 }, (_, i) => first + i * change);
    });
}

/** What the `load` commands of a script put in: float samples in a real store, native histograms by label only. */
export class ScriptStorage {
  store = new SampleStore({ retentionMs: Number.POSITIVE_INFINITY });
  /** Series with at least one native histogram; cases that read them are out of scope. */
  native: Labels[] = [];
  /** Series with labels for type and unit, which need a feature flag to mean anything. */
  typed: Labels[] = [];

  clear(): void {
    this.store = new SampleStore({ retentionMs: Number.POSITIVE_INFINITY });
    this.native = [];
    this.typed = [];
  }

  load({ intervalMs, withNhcb, lines }: LoadCommand): void {
    const starts = new Map<string, (number | undefined)[]>();
    // Of two lines for one series the later counts.
    const described = new Map<string, SeriesDescription>();
    for (const line of lines) {
      const start = /^(.*?)@st\s+(.*)$/.exec(line);
      if (start) starts.set(parseLabels(start[1]!, ALL_FEATURES).key, offsetsOf(start[2]!));
      else {
        const series = parseSeries(line, ALL_FEATURES);
        described.set(series.labels.key, series);
      }
    }
    for (const series of described.values()) {
      this.#loadSeries(series, intervalMs, starts.get(series.labels.key));
      if (withNhcb) this.#noteConverted(series.labels);
    }
  }

  #loadSeries(
    { labels, points }: SeriesDescription,
    intervalMs: number,
    offsets: readonly (number | undefined)[] | undefined,
  ): void {
    if (points.some(({ kind }) => kind === 'native-histogram')) this.native.push(labels);
    if (labels.has('__type__') || labels.has('__unit__')) this.typed.push(labels);
    for (const [i, point] of points.entries()) {
      const timeMs = i * intervalMs;
      const offset = offsets?.[i];
      const startMs = offset === undefined ? 0 : timeMs + offset;
      if (point.kind === 'value') this.store.append(labels, timeMs, point.value, startMs);
      else if (point.kind === 'stale') this.store.appendStale(labels, timeMs);
    }
  }

  /** The native histogram that a classic one is also loaded as. */
  #noteConverted(labels: Labels): void {
    const name = labels.metricName.replace(/_(bucket|count|sum)$/, '');
    if (name !== labels.metricName) this.native.push(labels.drop(['le']).with({ [METRIC_NAME]: name }));
  }
}
