import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateAlertingRule } from '../../../src/alerts/evaluation/evaluate-rule.ts';
import { compileAlertingRule } from '../../../src/alerts/rules/compile-rule.ts';
import type { AlertingRule } from '../../../src/alerts/rules/rule.ts';
import { Labels } from '../../../src/samples/labels.ts';
import { SampleStore } from '../../../src/samples/sample-store.ts';

function storeOf(count: number): SampleStore {
  const store = new SampleStore();
  for (let i = 0; i < count; i++) store.append(Labels.from({ __name__: 'x', i: String(i) }), 1000, 1);
  return store;
}

function rule(expr: string, summary: string): AlertingRule {
  const texts = { name: 'R', expr, labels: {}, where: 'r.yml:1:1', forMs: 0, keepFiringForMs: 0 };
  const compiled = compileAlertingRule({ ...texts, annotations: { summary } });
  assert.ok(compiled.ok);
  return compiled.rule;
}

const contextOf = (
  queryable: SampleStore,
  monotonicMs = (): number => 0,
): Parameters<typeof evaluateAlertingRule>[3] => ({
  queryable,
  externalLabels: {},
  externalUrl: '',
  subqueryStepMs: 60_000,
  limit: 0,
  monotonicMs,
});

function errorOf(found: AlertingRule, context: Parameters<typeof evaluateAlertingRule>[3]): string {
  const { result } = evaluateAlertingRule(found, 1000, 1000, context);
  return result.kind === 'error' ? result.error : 'ok';
}

test('a rule with tens of thousands of alerts fails instead of filling the memory', () => {
  assert.match(
    errorOf(rule('x', 'a'), contextOf(storeOf(20_001))),
    /exceeded limit of 20000 with 20001 alerts/,
  );
  assert.equal(errorOf(rule('x', 'a'), contextOf(storeOf(100))), 'ok');
});

test('long annotations of many alerts fail together', () => {
  const long = '{{ printf "%60000d" 1 }}';
  assert.match(errorOf(rule('x', long), contextOf(storeOf(300))), /more than 16000000 characters/);
});

test('templates of all alerts of a rule share their time', () => {
  let looks = 0;
  const monotonicMs = (): number => looks++;
  const { result } = evaluateAlertingRule(
    rule('x', '{{ range 100 }}{{ toUpper "a" }}{{ end }}'),
    1000,
    1000,
    contextOf(storeOf(100), monotonicMs),
  );
  assert.ok(result.kind === 'ok');
  assert.equal(result.active[0]!.annotations['summary'], 'A'.repeat(100));
  assert.match(result.active.at(-1)!.annotations['summary']!, /the templates of the rule take too long/);
  assert.ok(looks < 2200, `${looks} looks at the clock`);
});
