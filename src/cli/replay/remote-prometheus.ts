import { Labels } from '../../samples/labels.ts';
import { askApi } from '../remote/api.ts';

/** The values of one series at the steps of a range query. */
export interface RemoteSeries {
  readonly labels: Labels;
  readonly points: readonly (readonly [timeMs: number, value: number])[];
}

/** Asks for the values of an expression at `fromMs`, `fromMs + stepMs`, … up to `toMs`. */
export type QueryRange = (
  expr: string,
  fromMs: number,
  toMs: number,
  stepMs: number,
) => Promise<readonly RemoteSeries[]>;

/** Prometheus answers no more than 11,000 steps in one request. */
const MAX_STEPS = 10_000;
const REQUEST_TIMEOUT_MS = 120_000;

interface Matrix {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    /** Missing for series of native histograms. */
    readonly values?: readonly (readonly [number, string])[];
  }[];
}

function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}

/** The `query_range` of a Prometheus, in as many requests as its limit asks for. Throws as `askApi` does. */
export function remotePrometheus(base: string, token: string | undefined): QueryRange {
  return async (expr, fromMs, toMs, stepMs) => {
    const byKey = new Map<string, { readonly labels: Labels; readonly points: [number, number][] }>();
    for (let atMs = fromMs; atMs <= toMs; atMs += MAX_STEPS * stepMs) {
      const form = new URLSearchParams({
        query: expr,
        start: String(atMs / 1000),
        end: String(Math.min(toMs, atMs + (MAX_STEPS - 1) * stepMs) / 1000),
        step: String(stepMs / 1000),
      });
      const asking = { token, form, timeoutMs: REQUEST_TIMEOUT_MS };
      const { result } = (await askApi(base, 'query_range', asking)) as Matrix;
      for (const { metric, values = [] } of result) {
        const labels = Labels.from(metric);
        const series = byKey.get(labels.key) ?? { labels, points: [] };
        byKey.set(labels.key, series);
        for (const [seconds, text] of values) {
          series.points.push([Math.round(seconds * 1000), numberOf(text)]);
        }
      }
    }
    return [...byKey.values()];
  };
}
