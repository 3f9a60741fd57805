// Hot path: one look-up per sample; what became of a label set is kept as long as it lives.
import type { RE2JS } from 're2js';
import { type Labels, METRIC_NAME } from '../../samples/labels.ts';
import type { Call } from '../syntax/ast.ts';
import { compileRe2 } from '../syntax/matchers/re2.ts';
import type { Sample, Vector } from '../evaluation/sample.ts';
import type { FunctionCall } from './function-call.ts';
import { type FunctionFamily, ofCall } from './function-row.ts';

/** What a call makes of a label set: others, or the same object where nothing changes. */
type Relabel = (labels: Labels) => Labels;

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
      result = known.relabel(labels);
      known.results.set(labels, result);
    }
    // A name that was set on purpose stays.
    const isNamed = destination === METRIC_NAME && result !== labels;
    samples.push({ labels: result, value, dropName: dropName && !isNamed });
  }
  return failOnDuplicates(call, samples);
}

/** Puts groups of a match into `$1`, `${1}`, `$name`, `$$` as Go's regexp.Expand: unknown ones are empty. */
function expand(template: string, group: (name: string) => string): string {
  return template.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
    if (whole === '$$') return '$';
    return group(bare ?? braced ?? '');
  });
}

function replacement(call: FunctionCall): Relabel {
  const [destination, template, source, pattern] = call.strings(1) as [string, string, string, string];
  let regex: RE2JS;
  try {
    regex = compileRe2(pattern);
  } catch {
    return call.fail(`invalid regular expression in label_replace(): ${pattern}`);
  }
  if (!isLabelName(destination)) {
    call.fail(`invalid destination label name in label_replace(): ${destination}`);
  }
  const names = regex.namedGroups();
  return (labels) => {
    const matcher = regex.matcher(labels.get(source));
    if (!matcher.matches()) return labels;
    const value = expand(template, (name) => {
      const index = /^\d+$/.test(name) ? Number(name) : names[name];
      if (index === undefined || index > matcher.groupCount()) return '';
      return matcher.group(index) ?? '';
    });
    return labels.with({ [destination]: value });
  };
}

function join(call: FunctionCall): Relabel {
  const [destination, separator, ...sources] = call.strings(1) as [string, string, ...string[]];
  for (const source of sources) {
    if (!isLabelName(source)) call.fail(`invalid source label name in label_join(): ${source}`);
  }
  if (!isLabelName(destination)) {
    call.fail(`invalid destination label name in label_join(): ${destination}`);
  }
  return (labels) => labels.with({ [destination]: sources.map((name) => labels.get(name)).join(separator) });
}

/** Functions that change labels. */
export const labelFunctions = {
  label_replace: ofCall((call) => relabeled(call, call.string(1), () => replacement(call))),
  label_join: ofCall((call) => relabeled(call, call.string(1), () => join(call))),
} satisfies FunctionFamily;
