import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertManager } from '../../src/alerts/alert-manager.ts';
import type { AlertRule } from '../../src/alerts/rules/alert-rule.ts';
import { formatProblem, MonitoringError } from '../../src/errors.ts';

const BEGIN_MS = 1_700_000_000_000;
const at = (second: number): number => BEGIN_MS + second * 1000;

function ruleOf(fields: Partial<AlertRule>): AlertRule {
  const common = { duration: '0s', severity: 'warning', description: '', labels: {} };
  return { name: 'HighCpu', condition: 'cpu > 80', ...common, ...fields };
}

const names = (rules: readonly AlertRule[]): string[] => rules.map(({ name }) => name);

test('the rules that were added are answered as they were given', () => {
  const manager = new AlertManager();
  const rule = ruleOf({});
  manager.addRule(rule);
  assert.deepEqual(manager.getRules(), [rule]);
});

test('a rule without a duration fires at once, and only while its condition holds', () => {
  const manager = new AlertManager();
  manager.addRule(ruleOf({}));
  manager.addRule(ruleOf({ name: 'HighMemory', condition: 'memory > 90' }));
  assert.deepEqual(names(manager.evaluateRules({ cpu: 85, memory: 50 }, at(0))), ['HighCpu']);
  assert.deepEqual(names(manager.evaluateRules({ cpu: 85, memory: 95 }, at(10))), ['HighCpu', 'HighMemory']);
  assert.deepEqual(names(manager.evaluateRules({ cpu: 80, memory: 95 }, at(20))), ['HighMemory']);
});

test('without a time the clock of the machine counts', () => {
  const manager = new AlertManager();
  manager.addRule(ruleOf({}));
  assert.deepEqual(names(manager.evaluateRules({ cpu: 85 })), ['HighCpu']);
  assert.deepEqual(names(manager.evaluateRules({ cpu: 8 })), []);
});

test('a rule with a duration fires once its condition has held that long over successive calls', () => {
  const manager = new AlertManager();
  manager.addRule(ruleOf({ duration: '1m' }));
  const fired = [90, 90, 90, 10, 90, 90, 90].map(
    (cpu, i) => names(manager.evaluateRules({ cpu }, at(i * 30))).length,
  );
  assert.deepEqual(fired, [0, 0, 1, 0, 0, 0, 1]);
});

test('metrics with labels: matchers, sums and rates over successive calls', () => {
  const manager = new AlertManager();
  manager.addRule(ruleOf({ name: 'Errors', condition: 'sum(rate(requests_total{status=~"5.."}[1m])) > 1' }));
  manager.addRule(
    ruleOf({ name: 'Share', condition: 'sum(requests_total{status="500"}) / sum(requests_total) > 0.4' }),
  );
  let fired: readonly string[] = [];
  for (let second = 0; second <= 60; second += 15) {
    const requests = [
      { labels: { status: '500' }, value: second * 2 },
      { labels: { status: '200' }, value: second * 2 },
    ];
    fired = names(manager.evaluateRules({ requests_total: requests }, at(second)));
  }
  assert.deepEqual(fired, ['Errors', 'Share']);
});

test('a metric that is no longer passed in is gone, and absent returns 1', () => {
  const manager = new AlertManager();
  manager.addRule(ruleOf({}));
  manager.addRule(ruleOf({ name: 'Gone', condition: 'absent(cpu)' }));
  assert.deepEqual(names(manager.evaluateRules({ cpu: 90 }, at(0))), ['HighCpu']);
  assert.deepEqual(names(manager.evaluateRules({}, at(15))), ['Gone']);
});

test('two calls at one time, and a clock that was set back, are taken in as well', () => {
  const manager = new AlertManager();
  manager.addRule(ruleOf({}));
  assert.deepEqual(names(manager.evaluateRules({ cpu: 90 }, at(100))), ['HighCpu']);
  assert.deepEqual(names(manager.evaluateRules({ cpu: 10 }, at(100))), []);
  assert.deepEqual(names(manager.evaluateRules({ cpu: 90 }, at(0))), ['HighCpu']);
});

test('a rule that cannot be evaluated is reported, and the others fire', () => {
  const manager = new AlertManager();
  manager.addRule(ruleOf({ name: 'Same', condition: 'cpu > 1', labels: { core: '' } }));
  manager.addRule(ruleOf({}));
  const cpu = [
    { labels: { core: '0' }, value: 90 },
    { labels: { core: '1' }, value: 91 },
  ];
  assert.deepEqual(names(manager.evaluateRules({ cpu }, at(0))), ['HighCpu']);
  assert.deepEqual(
    manager.problems().map((found) => formatProblem(found).split('. Now')[0]),
    [
      '[MON_RULE_EVALUATION] rule "Same": rule evaluation failed: vector contains metrics with the same labelset after applying alert labels',
    ],
  );
});

const malformed: readonly (readonly [string, unknown, RegExp])[] = [
  [
    'condition',
    ruleOf({ condition: 'cpu > > 80' }),
    /rule "HighCpu", condition:1:7: expected a PromQL expression, got unexpected .*>/,
  ],
  [
    'condition of two lines',
    ruleOf({ condition: 'cpu\n> > 80' }),
    /condition:2:3: expected a PromQL expression/,
  ],
  ['empty condition', ruleOf({ condition: '' }), /condition: expected a PromQL expression, got ""/],
  [
    'duration',
    ruleOf({ duration: '5 minutes' }),
    /duration: expected a duration such as 30s, 5m or 1h30m, got "5 minutes"/,
  ],
  [
    'template',
    ruleOf({ description: 'at {{ value' }),
    /description:1:4: expected a template, got unclosed action/,
  ],
  [
    'label',
    ruleOf({ labels: { team: 7 } as never }),
    /labels: expected an object with string values, got \{"team":7\}/,
  ],
  ['name', ruleOf({ name: '' }), /name: expected a name, got ""/],
  ['nothing', undefined, /rule: expected an object with name and condition, got undefined/],
];
for (const [name, rule, wording] of malformed) {
  test(`a malformed rule is rejected with its location: ${name}`, () => {
    const manager = new AlertManager();
    assert.throws(
      () => manager.addRule(rule as AlertRule),
      (error: unknown) => {
        assert.ok(error instanceof MonitoringError);
        assert.equal(error.code, 'MON_RULE');
        assert.match(error.message, wording);
        return true;
      },
    );
    assert.deepEqual(manager.getRules(), []);
  });
}

test('values that are no numbers are left out and reported', () => {
  const manager = new AlertManager();
  manager.addRule(ruleOf({}));
  const metrics = { cpu: 90, load: 'high', disk: null } as never;
  assert.deepEqual(names(manager.evaluateRules(metrics, at(0))), ['HighCpu']);
  assert.deepEqual(
    manager.problems().map(({ code, params }) => [code, params['where'], params['got']]),
    [
      ['MON_METRIC_VALUE', 'load', '"high"'],
      ['MON_METRIC_VALUE', 'disk', 'null'],
    ],
  );
});
