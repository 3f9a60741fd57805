// Hot path: one look-up per bucket series and evaluation.
import { formatBound } from '../../samples/format-number.ts';
import { type Labels, METRIC_NAME, quoteText } from '../../samples/labels.ts';
import { type Bucket, boundOf, bucketFraction, bucketQuantile } from '../evaluation/numbers/buckets.ts';
import { Projection, projectionFor } from '../evaluation/matching/projection.ts';
import { warnOfQuantile } from '../evaluation/numbers/quantile.ts';
import type { Sample, Vector } from '../evaluation/sample.ts';
import type { FunctionCall } from './function-call.ts';
import { type FunctionFamily, ofCall, type VectorFunction } from './function-row.ts';

function ofMetric(name: string): string {
  return name === '' ? '' : ` for metric name ${quoteText(name)}`;
}

const bounds = new WeakMap<Labels, number | 'none'>();

function knownBound(labels: Labels): number | 'none' {
  let bound = bounds.get(labels);
  if (bound === undefined) {
    bound = boundOf(labels) ?? 'none';
    bounds.set(labels, bound);
  }
  return bound;
}

/** The buckets of each classic histogram in the argument, by their labels without `le`. */
function histograms(call: FunctionCall, argument: number): Map<Labels, Bucket[]> {
  const rest = projectionFor(call.node, 'histogram', () => Projection.droppingButName(['le']));
  const found = new Map<Labels, Bucket[]>();
  for (const { labels, value } of call.vector(argument)) {
    const bound = knownBound(labels);
    if (bound === 'none') {
      const got = quoteText(labels.get('le'));
      const name = ofMetric(labels.get(METRIC_NAME));
      call.warn(`bucket label "le" is missing or has a malformed value of ${got}${name}`, argument);
      continue;
    }
    const key = rest.of(labels);
    const buckets = found.get(key);
    if (buckets === undefined) found.set(key, [{ bound, count: value }]);
    else buckets.push({ bound, count: value });
  }
  return found;
}

function quantileOf(
  call: FunctionCall,
  labels: Labels,
  fraction: number,
  buckets: Bucket[],
  argument: number,
): number {
  const { value, isForced } = bucketQuantile(fraction, buckets);
  if (isForced) {
    const page = 'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile';
    const name = ofMetric(labels.get(METRIC_NAME));
    call.info(
      `input to histogram_quantile needed to be fixed for monotonicity (see ${page})${name}`,
      argument,
    );
  }
  return value;
}

function histogramQuantile(call: FunctionCall): Vector {
  const fraction = call.scalar(0);
  warnOfQuantile(call.context.annotations, fraction, call.argument(0));
  const samples: Sample[] = [];
  for (const [labels, buckets] of histograms(call, 1)) {
    samples.push({ labels, value: quantileOf(call, labels, fraction, buckets, 1), dropName: true });
  }
  return samples;
}

/** Several quantiles at once, each under its number in the named label. */
function histogramQuantiles(call: FunctionCall): Vector {
  const label = call.string(1);
  const fractions = call.node.args.slice(2).map((_arg, i) => call.scalar(i + 2));
  for (const [i, fraction] of fractions.entries()) {
    warnOfQuantile(call.context.annotations, fraction, call.argument(i + 2));
  }
  call.context.budget.labelText(label.length, call.node);
  const samples: Sample[] = [];
  for (const [labels, buckets] of histograms(call, 0)) {
    for (const fraction of fractions) {
      const value = quantileOf(call, labels, fraction, buckets, 0);
      const bound = formatBound(fraction);
      call.context.budget.labels(labels.key.length + label.length + bound.length, call.node);
      samples.push({ labels: labels.with({ [label]: bound }), value, dropName: true });
    }
  }
  return samples;
}

function histogramFraction(call: FunctionCall): Vector {
  const lower = call.scalar(0);
  const upper = call.scalar(1);
  const samples: Sample[] = [];
  for (const [labels, buckets] of histograms(call, 2)) {
    samples.push({ labels, value: bucketFraction(lower, upper, buckets), dropName: true });
  }
  return samples;
}

/** A function that Prometheus has for native histograms only. Floats have no result there either. */
function nativeOnly(): VectorFunction {
  return ofCall((call) => {
    // Evaluated all the same, so that an error in the argument is reported.
    call.vector(0);
    call.context.annotations.warn(
      `${call.node.name} works on native histograms only, which are not supported here; the result is empty`,
      call.node,
    );
    return [];
  });
}

/** Functions of classic histograms, and the names of those of native ones. */
export const histogramFunctions = {
  histogram_quantile: ofCall(histogramQuantile),
  histogram_quantiles: ofCall(histogramQuantiles),
  histogram_fraction: ofCall(histogramFraction),
  histogram_avg: nativeOnly(),
  histogram_count: nativeOnly(),
  histogram_sum: nativeOnly(),
  histogram_stddev: nativeOnly(),
  histogram_stdvar: nativeOnly(),
} satisfies FunctionFamily;
