import type { Rule } from '../../alerts/rules/rule.ts';
import type { RuleFinding } from './check.ts';

const ACTION = /\{\{(?:[^}]|\}(?!\}))*\}\}/g;
const VALUE = /\$value\b|\.Value\b/;

/** A label that holds the value makes another alert of each value: it pends for ever and is never the same. */
export function* valueInLabels(rule: Rule): Iterable<RuleFinding> {
  if (rule.kind !== 'alerting') return;
  for (const [name, text] of Object.entries(rule.labels)) {
    const action = Array.from(text.matchAll(ACTION), ([found]) => found).find((found) => VALUE.test(found));
    if (action === undefined) continue;
    yield {
      severity: 'warning',
      field: `labels.${name}`,
      message: `the label ${name} changes with the value (${action}), so that each value is a new alert that starts pending again; move it to the description`,
    };
  }
}
