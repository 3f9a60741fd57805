import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { array, assert as check, constantFrom, oneof, property, string as anyText } from 'fast-check';
import { readRuleFile } from '../../../../src/alerts/rules/files/read-rule-file.ts';

/** What a file is read to: the rules by name, and the problems as `where: expected, got`. */
function read(text: string): { readonly rules: string[]; readonly problems: string[] } {
  const { groups, problems } = readRuleFile('rules.yml', text);
  return {
    rules: groups.flatMap(({ rules }) => rules.map(({ name }) => name)),
    problems: problems.map(
      ({ params }) => `${params['where']}: expected ${params['expected']}, got ${params['got']}`,
    ),
  };
}

describe('the documented form', () => {
  const whole = `
- name: HighCpu
  condition: system_cpu_usage > 90
  duration: 5m
  severity: warning
  description: CPU at {{ $value }}
  labels:
    team: web
    level: 3
  keepFiringFor: 1m
  runbook: https://example.org/cpu
  category: system
- name: Plain
  condition: up == 0
`;

  test('a list of rules, with all fields and with the least', () => {
    const { groups, problems } = readRuleFile('rules.yml', whole);
    assert.deepEqual(problems, []);
    assert.equal(groups.length, 1);
    const [full, plain] = groups[0]!.rules;
    assert.equal(full?.kind, 'alerting');
    assert.deepEqual(
      { ...full, expr: undefined, labelTemplates: undefined, annotationTemplates: undefined },
      {
        kind: 'alerting',
        name: 'HighCpu',
        exprText: 'system_cpu_usage > 90',
        expr: undefined,
        forMs: 300_000,
        keepFiringForMs: 60_000,
        labels: { team: 'web', level: '3', severity: 'warning', category: 'system' },
        annotations: { description: 'CPU at {{ $value }}', runbook_url: 'https://example.org/cpu' },
        where: 'rules.yml:2:3',
        labelTemplates: undefined,
        annotationTemplates: undefined,
      },
    );
    assert.equal(plain?.kind === 'alerting' && plain.forMs, 0);
    assert.deepEqual(plain?.labels, {});
  });

  test('under the key rules, as JSON, and empty', () => {
    const json = JSON.stringify({ rules: [{ name: 'A', condition: 'x > 1', duration: '0s', labels: {} }] });
    assert.deepEqual(read(json), { rules: ['A'], problems: [] });
    assert.deepEqual(read(''), { rules: [], problems: [] });
    assert.deepEqual(read('# nothing yet\n'), { rules: [], problems: [] });
    assert.deepEqual(read('rules:\n'), { rules: [], problems: [] });
  });

  test('rules with intervals of their own are grouped by them', () => {
    const text = `
- {name: A, condition: x, interval: 5s}
- {name: B, condition: x}
- {name: C, condition: x, interval: 5s}
`;
    const { groups } = readRuleFile('rules.yml', text);
    assert.deepEqual(
      groups.map(({ name, intervalMs, rules }) => [name, intervalMs, rules.map((rule) => rule.name)]),
      [
        ['rules every 5s', 5000, ['A', 'C']],
        ['rules', undefined, ['B']],
      ],
    );
  });

  const malformed: readonly (readonly [string, string, string])[] = [
    ['no name', '- condition: x\n', 'rules.yml:1:3: expected a rule with name, got no name'],
    [
      'an empty name',
      '- name: ""\n  condition: x\n',
      'rules.yml:1:9: expected a rule with name, got an empty name',
    ],
    ['no condition', '- name: A\n', 'rules.yml:1:3: expected a rule with condition, got no condition'],
    [
      'an unknown field',
      '- name: A\n  condition: x\n  treshold: 3\n',
      'rules.yml:3:3: expected a field of a rule: name, condition, duration, severity, description, labels, keepFiringFor, runbook, category, interval, got "treshold"',
    ],
    [
      'a field of the other format',
      '- name: A\n  condition: x\n  for: 5m\n',
      'rules.yml:3:3: expected a field of a rule: name, condition, duration, severity, description, labels, keepFiringFor, runbook, category, interval, got "for" (use duration)',
    ],
    [
      'a duration without a unit',
      '- name: A\n  condition: x\n  duration: 5\n',
      'rules.yml:3:13: expected a duration such as 30s, 5m or 1h30m for duration, got "5"',
    ],
    [
      'a category that does not exist',
      '- name: A\n  condition: x\n  category: network\n',
      'rules.yml:3:13: expected one of system, security, performance, got "network"',
    ],
    [
      'a list for labels',
      '- name: A\n  condition: x\n  labels: [a]\n',
      'rules.yml:3:11: expected a map of strings for labels, got a list',
    ],
    [
      'a map for a label',
      '- name: A\n  condition: x\n  labels:\n    a: {b: c}\n',
      'rules.yml:4:8: expected a string for labels.a, got a map',
    ],
    [
      'the label __name__',
      '- name: A\n  condition: x\n  labels: {__name__: b}\n',
      'rules.yml:3:22: expected a label name other than __name__, got "__name__"',
    ],
    [
      'a rule that is a text',
      '- just a text\n',
      'rules.yml:1:3: expected a rule: a map of name, condition, duration, severity, description, labels, keepFiringFor, runbook, category, interval, got "just a text"',
    ],
    [
      'a template that does not end',
      '- name: A\n  condition: x\n  description: "at {{ $value"\n',
      'rules.yml:3:20: expected a template, got unclosed action',
    ],
    [
      'a function that templates do not have',
      '- name: A\n  condition: x\n  labels:\n    a: b{{ frob }}\n',
      'rules.yml:4:12: expected a template, got function "frob" not defined',
    ],
    [
      'a field twice',
      '- name: A\n  name: B\n  condition: x\n',
      'rules.yml:2:3: expected each key once, got "name"',
    ],
  ];
  for (const [name, text, problem] of malformed) {
    test(`${name}: reported with its location`, () => {
      const rest = text.startsWith('- name: A\n  name: B') ? '' : '- {name: Good, condition: up == 0}\n';
      const { rules, problems } = read(text + rest);
      assert.deepEqual(problems, [problem]);
      assert.deepEqual(rules, rest === '' ? [] : ['Good'], 'the other rules are read');
    });
  }

  test('a root that is neither list nor map of rules', () => {
    assert.deepEqual(read('42'), {
      rules: [],
      problems: [
        'rules.yml:1:1: expected a list of rules, or a map with "rules" or (Prometheus format) "groups", got "42"',
      ],
    });
    assert.match(read('alerts: []').problems[0] ?? '', /rules\.yml:1:1: expected a list of rules.*got a map/);
  });

  test('several problems of one file are all reported', () => {
    const text = '- name: A\n- condition: x\n- {name: C, condition: x, duration: x}\n';
    assert.deepEqual(
      read(text).problems.map((problem) => problem.split(': ')[0]),
      ['rules.yml:1:3', 'rules.yml:2:3', 'rules.yml:3:37'],
    );
  });
});

describe('the location of an error in an expression', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['plain', '- name: A\n  condition: x > > 1\n', 'rules.yml:2:18'],
    ['in double quotes', '- name: A\n  condition: "x > > 1"\n', 'rules.yml:2:19'],
    ['in single quotes', "- name: A\n  condition: 'x > > 1'\n", 'rules.yml:2:19'],
    ['in a block of lines', '- name: A\n  condition: |\n    x\n      > > 1\n', 'rules.yml:4:9'],
    [
      'in a folded block: the place of the field',
      '- name: A\n  condition: >\n    x\n    > > 1\n',
      'rules.yml:2:14',
    ],
    [
      'behind an escape: the place of the field',
      '- name: A\n  condition: "x{a=\\"b\\"} > > 1"\n',
      'rules.yml:2:14',
    ],
  ];
  for (const [name, text, where] of cases) {
    test(name, () => {
      const { problems } = readRuleFile('rules.yml', text);
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.params['where'], where);
      assert.equal(problems[0]?.params['expected'], 'a PromQL expression');
      assert.match(String(problems[0]?.params['got']), /^unexpected .*>/);
    });
  }
});

describe('Prometheus rule files', () => {
  const whole = `
groups:
  - name: one
    interval: 30s
    query_offset: 10s
    limit: 5
    labels: {team: web, tier: gold}
    rules:
      - record: job:errors:rate5m
        expr: sum by (job) (rate(errors_total[5m]))
        labels: {tier: ""}
      - alert: Errors
        expr: job:errors:rate5m > 1
        for: 10m
        keep_firing_for: 5m
        labels: {severity: page, team: api}
        annotations:
          summary: 'errors in {{ $labels.job }}'
  - name: two
    rules: []
`;

  test('groups, alerting and recording rules with all fields', () => {
    const { groups, problems } = readRuleFile('rules.yml', whole);
    assert.deepEqual(problems, []);
    const [one, two] = groups;
    assert.deepEqual(
      { ...one, rules: one?.rules.length },
      {
        name: 'one',
        file: 'rules.yml',
        origin: 'file',
        intervalMs: 30_000,
        queryOffsetMs: 10_000,
        limit: 5,
        rules: 2,
      },
    );
    assert.deepEqual(two?.rules, []);
    const [record, alert] = one!.rules;
    assert.deepEqual(
      [record?.kind, record?.name, record?.labels],
      ['recording', 'job:errors:rate5m', { team: 'web', tier: '' }],
    );
    assert.deepEqual(alert?.labels, { team: 'api', tier: 'gold', severity: 'page' });
    assert.ok(alert?.kind === 'alerting');
    assert.deepEqual([alert.forMs, alert.keepFiringForMs], [600_000, 300_000]);
    assert.deepEqual(alert.annotations, { summary: 'errors in {{ $labels.job }}' });
  });

  test('anchors and aliases are followed', () => {
    const text = `
groups:
  - name: a
    rules:
      - alert: A
        expr: up == 0
        labels: &l {severity: page}
      - alert: B
        expr: up == 0
        labels: *l
`;
    const { groups, problems } = readRuleFile('rules.yml', text);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      groups[0]?.rules.map(({ labels }) => labels),
      [{ severity: 'page' }, { severity: 'page' }],
    );
  });

  const head = 'groups:\n- name: g\n  rules:\n';
  const good = '  - {alert: Good, expr: up == 0}\n';
  const malformed: readonly (readonly [string, string, string])[] = [
    [
      'neither alert nor record',
      '  - expr: x\n',
      'rules.yml:4:5: expected a rule with alert or record, got neither',
    ],
    [
      'both',
      '  - alert: A\n    record: b\n    expr: x\n',
      'rules.yml:5:5: expected either alert or record, got both',
    ],
    ['no expr', '  - alert: A\n', 'rules.yml:4:5: expected a rule with expr, got no expr'],
    [
      'a recording rule with for',
      '  - record: a\n    expr: x\n    for: 1m\n',
      'rules.yml:6:5: expected a recording rule without this field, got for',
    ],
    [
      'a recording rule with annotations',
      '  - record: a\n    expr: x\n    annotations: {a: b}\n',
      'rules.yml:6:5: expected a recording rule without this field, got annotations',
    ],
    [
      'braces in the name of a recording rule',
      '  - record: a{b="c"}\n    expr: x\n',
      'rules.yml:4:5: expected a metric name, got "a{b=\\"c\\"}", with braces, which belong in expr',
    ],
    [
      'an unknown field',
      '  - alert: A\n    expr: x\n    severity: page\n',
      'rules.yml:6:5: expected a field of a rule: alert, record, expr, for, keep_firing_for, labels, annotations, got "severity"',
    ],
    [
      'a bad annotation',
      '  - alert: A\n    expr: x\n    annotations: {summary: "{{"}\n',
      'rules.yml:6:29: expected a template, got unclosed action',
    ],
    [
      'an expression with a range vector',
      '  - alert: A\n    expr: x[5m]\n',
      'rules.yml:5:11: expected an expression that returns an instant vector or a scalar, got one that returns a range vector',
    ],
  ];
  for (const [name, rule, problem] of malformed) {
    test(`${name}: reported with its location, and the other rules are read`, () => {
      assert.deepEqual(read(head + rule + good), { rules: ['Good'], problems: [problem] });
    });
  }

  const groups: readonly (readonly [string, string, string])[] = [
    ['a group without a name', '- rules: []\n', 'rules.yml:2:3: expected a group with name, got no name'],
    [
      'a name twice',
      '- {name: h, rules: []}\n- {name: h, rules: []}\n',
      'rules.yml:3:10: expected a group name that is unique in the file, got "h"',
    ],
    [
      'a bad interval',
      '- name: h\n  interval: often\n  rules: []\n',
      'rules.yml:3:13: expected a duration such as 30s, 5m or 1h30m for interval, got "often"',
    ],
    [
      'a bad limit',
      '- name: h\n  limit: -1\n  rules: []\n',
      'rules.yml:3:10: expected a non-negative integer for limit, got "-1"',
    ],
    [
      'an unknown field',
      '- name: h\n  every: 5s\n',
      'rules.yml:3:3: expected a field of a group: name, interval, query_offset, limit, labels, rules, got "every"',
    ],
    [
      'rules that are a map',
      '- name: h\n  rules: {alert: A}\n',
      'rules.yml:3:10: expected a list for rules, got a map',
    ],
  ];
  for (const [name, group, problem] of groups) {
    test(`${name}: reported with its location, and the other groups are read`, () => {
      const { problems } = read(`groups:\n${group}`);
      assert.deepEqual(problems, [problem]);
      const other = `${group}- name: g\n  rules:\n${good}`;
      assert.deepEqual(read(`groups:\n${other}`).rules, ['Good']);
    });
  }

  test('a field beside groups is reported', () => {
    assert.deepEqual(read('groups: []\ninterval: 5s\n').problems, [
      'rules.yml:2:1: expected a field of a rule file: groups, got "interval"',
    ]);
  });

  test('what is no YAML is reported with its location', () => {
    assert.match(
      read('groups:\n  - name: [a\n').problems[0] ?? '',
      /^rules\.yml:\d+:\d+: expected YAML or JSON, got /,
    );
    assert.match(read('a: b: c\n').problems[0] ?? '', /^rules\.yml:1:\d+: expected YAML or JSON, got /);
  });
});

test('whatever a file holds, reading it ends with rules and problems and never with an exception', () => {
  const words = [
    'groups',
    'rules',
    'name',
    'condition',
    'alert',
    'expr',
    'labels',
    'for',
    '{{',
    '*a',
    '&a',
    '- ',
    ': ',
    '\n',
    '  ',
    '"',
    "'",
    '[',
    '|',
    'x > 1',
  ];
  const text = oneof(
    anyText(),
    array(constantFrom(...words), { maxLength: 30 }).map((parts) => parts.join('')),
  );
  check(
    property(text, (file) => {
      const { problems } = readRuleFile('f.yml', file);
      for (const { code, params } of problems) {
        assert.equal(code, 'MON_RULE');
        assert.match(String(params['where']), /^f\.yml:\d+:\d+$/);
      }
    }),
    { numRuns: 500, seed: 4 },
  );
});
