import type { VectorSelector } from '../../promql/syntax/ast.ts';
import { selectorsOf } from '../../promql/index.ts';
import { positionOf } from '../../promql/syntax/position.ts';
import type { Rule } from '../../alerts/rules/rule.ts';
import { formatBound } from '../../samples/format-number.ts';
import { METRIC_NAME } from '../../samples/labels.ts';
import { nearest } from '../../config/nearest-name.ts';
import type { KnownMetrics } from './known-metrics.ts';
import type { LintContext, RuleFinding } from './check.ts';

type Found = Pick<RuleFinding, 'severity' | 'message'>;

/** Labels that Prometheus adds when it scrapes: rules that are to run in both may name them. */
const OF_PROMETHEUS = new Set(['job', 'instance']);
const MAX_SHOWN = 6;

const hint = (meant: string | undefined): string => (meant === undefined ? '' : `; did you mean ${meant}?`);

function aboutName(name: string, known: KnownMetrics): Found {
  // A histogram has no series of its own name.
  if (known.names.has(`${name}_bucket`)) {
    const parts = `${name}_bucket, ${name}_sum or ${name}_count`;
    return { severity: 'warning', message: `${name} is a histogram; did you mean ${parts}?` };
  }
  const text = `no metric is named ${name}`;
  const meant = nearest(name, known.names);
  if (known.complete) return { severity: 'warning', message: `${text} on ${known.source}${hint(meant)}` };
  if (meant !== undefined) {
    return { severity: 'warning', message: `${text} in ${known.source}${hint(meant)}` };
  }
  return {
    severity: 'note',
    message: `${text} in ${known.source}; if it is the service's own, --metrics <url> asks the service`,
  };
}

/** Labels that no series of the metric has: an equality with a text then fits nothing. */
function aboutLabels({ matchers, name }: VectorSelector, known: KnownMetrics): Found | undefined {
  const labels = known.labelsOf(name);
  if (labels === undefined) return undefined;
  const lost = matchers.find(
    (matcher) => matcher.name !== METRIC_NAME && !labels.has(matcher.name) && !matcher.matches(''),
  );
  if (lost === undefined) return undefined;
  const own = [...labels].filter((label) => label !== METRIC_NAME);
  if (OF_PROMETHEUS.has(lost.name)) {
    const message = `${name} has no label ${lost.name} here: Prometheus adds it when it scrapes`;
    return { severity: known.complete ? 'warning' : 'note', message };
  }
  const has = own.length === 0 ? 'no labels' : `the labels ${own.join(', ')}`;
  const message = `${name} has no label ${lost.name}, but ${has}${hint(nearest(lost.name, own))}`;
  return { severity: 'warning', message };
}

/** Numbers are not misspelt, but the bounds of buckets may be written as no series has them. */
function valueMeant(label: string, value: string, values: readonly string[]): string | undefined {
  const number = Number(value);
  if (Number.isNaN(number)) return nearest(value, values);
  const bound = formatBound(number);
  return label === 'le' && values.includes(bound) ? bound : undefined;
}

/** Values that no series has now; they may still come. */
function aboutValues({ matchers, name }: VectorSelector, known: KnownMetrics): Found | undefined {
  const named = known.series.filter(({ metricName }) => metricName === name);
  if (named.length === 0) return undefined;
  if (named.some((series) => matchers.every((matcher) => matcher.matches(series.get(matcher.name))))) {
    return undefined;
  }
  for (const { name: label, op, value } of matchers) {
    const values = [...new Set(named.map((series) => series.get(label)))]
      .filter((text) => text !== '')
      .sort();
    const wanted = matchers.find((matcher) => matcher.name === label)!;
    if (values.some((text) => wanted.matches(text)) || wanted.matches('')) continue;
    const shown = values.slice(0, MAX_SHOWN).join(', ') + (values.length > MAX_SHOWN ? ', …' : '');
    const meant = op === '=' ? valueMeant(label, value, values) : undefined;
    const message = `no series of ${name} has ${label}${op}${JSON.stringify(value)} now (it has ${shown})${hint(meant)}`;
    return { severity: meant === undefined ? 'note' : 'warning', message };
  }
  return { severity: 'note', message: `no series of ${name} fits all of these matchers now` };
}

/** Selectors that find nothing make a rule that never fires (or an `absent` that always does). */
export function* unknownSeries({ expr }: Rule, { known }: LintContext): Iterable<RuleFinding> {
  for (const selector of selectorsOf(expr)) {
    const name = selector.name === '' ? nameMatched(selector) : selector.name;
    if (name === undefined) continue;
    const found = known.names.has(name)
      ? (aboutLabels({ ...selector, name }, known) ?? aboutValues({ ...selector, name }, known))
      : aboutName(name, known);
    if (found !== undefined) yield { ...found, field: 'condition', ...positionOf(expr.text, selector.start) };
  }
}

/** The metric of `{__name__="x"}`; undefined where a selector reads any number of metrics. */
function nameMatched({ matchers }: VectorSelector): string | undefined {
  return matchers.find(({ name, literal }) => name === METRIC_NAME && literal !== undefined)?.literal;
}
