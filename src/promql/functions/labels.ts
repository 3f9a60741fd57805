// Hot path: one look-up per sample; what became of a label set is kept as long as it lives.
import { type Labels, METRIC_NAME } from '../../samples/labels.ts';
import type { Call } from '../syntax/ast.ts';
import { expandReferences } from '../syntax/matchers/expand.ts';
import { Re2Pattern } from '../syntax/matchers/re2.ts';
import type { Sample, Vector } from '../evaluation/sample.ts';
import type { FunctionCall } from './function-call.ts';
import { type FunctionFamily, ofCall } from './function-row.ts';

/** What a call makes of a label set: others, or the same object where nothing changes. */
type Relabel = (labels: Labels, call: FunctionCall) => Labels;

interface Relabeling {
  readonly relabel: Relabel;
  readonly results: WeakMap<Labels, Labels>;
}

const byNode = new WeakMap<Call, Relabeling>();

/** Names are any text but an empty one or one that is no UTF-8. */
function isLabelName(name: string): boolean {
  return name !== '' && name.isWellFormed();
}

function failOnDuplicates(call: FunctionCall, samples: Vector): Vector {
  const seen = new Set<string>();
  for (const { labels } of samples) {
    if (seen.has(labels.key)) call.fail('vector cannot contain metrics with the same labelset');
    seen.add(labels.key);
  }
  return samples;
}

/** Applies a change of labels that depends on nothing but the call's strings and the label set. */
function relabeled(call: FunctionCall, destination: string, begin: () => Relabel): Vector {
  let known = byNode.get(call.node);
  if (known === undefined) {
    known = { relabel: begin(), results: new WeakMap() };
    byNode.set(call.node, known);
  }
  const samples: Sample[] = [];
  for (const { labels, value, dropName } of call.vector(0)) {
    let result = known.results.get(labels);
    if (result === undefined) {
      result = known.relabel(labels, call);
      known.results.set(labels, result);
    }
    // A name that was set on purpose stays.
    const isNamed = destination === METRIC_NAME && result !== labels;
    samples.push({ labels: result, value, dropName: dropName && !isNamed });
  }
  return failOnDuplicates(call, samples);
}

/** Instructions times groups of a pattern of label_replace: what one character of a value may take. */
const MAX_CAPTURE_STEPS = 200_000;

/** A label set with one label more; its size is asked of the budget before. */
function withLabel(call: FunctionCall, labels: Labels, name: string, value: string): Labels {
  call.context.budget.labels(labels.key.length + name.length + value.length, call.node);
  return labels.with({ [name]: value });
}

function replacement(first: FunctionCall): Relabel {
  const [destination, template, source, pattern] = first.strings(1) as [string, string, string, string];
  const invalid = (): never => first.fail(`invalid regular expression in label_replace(): ${pattern}`);
  let regex: Re2Pattern;
  try {
    regex = new Re2Pattern(pattern);
  } catch {
    return invalid();
  }
  if (!isLabelName(destination)) {
    first.fail(`invalid destination label name in label_replace(): ${destination}`);
  }
  first.context.budget.labelText(destination.length, first.node);
  const steps = regex.size * (regex.groupCount + 1);
  if (steps > MAX_CAPTURE_STEPS) invalid();
  const names = regex.namedGroups;
  return (labels, call) => {
    const text = labels.get(source);
    call.context.budget.work(steps * (text.length + 1), call.node);
    const engine = engineOf(regex, text, call);
    const matcher = engine.matcher(text);
    if (!matcher.matches()) return labels;
    const check = (chars: number): void => call.context.budget.labelText(chars, call.node);
    return withLabel(call, labels, destination, expandReferences(template, matcher, names, check));
  };
}

function engineOf(regex: Re2Pattern, text: string, call: FunctionCall): ReturnType<Re2Pattern['engineFor']> {
  try {
    return regex.engineFor(text);
  } catch (error) {
    return call.fail((error as Error).message);
  }
}

function join(first: FunctionCall): Relabel {
  const [destination, separator, ...sources] = first.strings(1) as [string, string, ...string[]];
  for (const source of sources) {
    if (!isLabelName(source)) first.fail(`invalid source label name in label_join(): ${source}`);
  }
  if (!isLabelName(destination)) {
    first.fail(`invalid destination label name in label_join(): ${destination}`);
  }
  first.context.budget.labelText(destination.length, first.node);
  return (labels, call) => {
    const values = sources.map((name) => labels.get(name));
    const between = separator.length * Math.max(0, values.length - 1);
    call.context.budget.labelText(
      values.reduce((sum, value) => sum + value.length, between),
      call.node,
    );
    return withLabel(call, labels, destination, values.join(separator));
  };
}

/** Functions that change labels. */
export const labelFunctions = {
  label_replace: ofCall((call) => relabeled(call, call.string(1), () => replacement(call))),
  label_join: ofCall((call) => relabeled(call, call.string(1), () => join(call))),
} satisfies FunctionFamily;
