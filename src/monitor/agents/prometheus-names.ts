// Hot path of a collection: label sets keep their identity over collections, so each is made fit for Prometheus once.

type Labels = Readonly<Record<string, string>>;

/** Anything else than letters, digits and `_` becomes `_`, runs of `_` become one; nothing begins with a digit. */
function plainName(name: string): string {
  const plain = name.replaceAll(/[^a-zA-Z0-9_]/g, '_').replaceAll(/_{2,}/g, '_');
  return /^\d/.test(plain) ? `_${plain}` : plain;
}

/** The name of a metric of the service as Prometheus takes it, without the suffix of its kind. */
export function metricName(name: string): string {
  const plain = plainName(name);
  return plain === '' || plain === '_' ? 'unnamed' : plain;
}

/** The name of a label as Prometheus takes it. On a histogram `le` is the bound of a bucket. */
function labelName(key: string, isHistogram: boolean): string {
  const plain = plainName(key);
  if (plain === '') return '_';
  return isHistogram && plain === 'le' ? 'exported_le' : plain;
}

function renamed(labels: Labels, isHistogram: boolean): Labels {
  const keys = Object.keys(labels);
  if (keys.every((key) => labelName(key, isHistogram) === key)) return labels;
  const names = new Map<string, string>();
  for (const key of keys.toSorted()) {
    const name = labelName(key, isHistogram);
    const [before, value = ''] = [names.get(name), labels[key]];
    // OpenTelemetry to Prometheus, "Metric attributes": values of keys that become one are joined, in the order of the keys.
    names.set(name, before === undefined ? value : `${before};${value}`);
  }
  return Object.fromEntries(names);
}

const plainLabels = new WeakMap<Labels, Labels>();
const histogramLabels = new WeakMap<Labels, Labels>();

/** The labels under names that Prometheus takes, no name twice; the same object for the same labels. */
export function prometheusLabels(labels: Labels, isHistogram: boolean): Labels {
  const known = isHistogram ? histogramLabels : plainLabels;
  let found = known.get(labels);
  if (!found) {
    found = renamed(labels, isHistogram);
    known.set(labels, found);
  }
  return found;
}
