import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readRuleFile } from '../../../../src/alerts/rules/files/read-rule-file.ts';
import { RuleBudget } from '../../../../src/alerts/rules/files/rule-budget.ts';
import { formatProblem } from '../../../../src/errors.ts';

const group = (rules: string): string => `groups:\n  - name: g\n    rules:\n${rules}`;

/** Problems in the form `file:line:column: …`, and the names of the rules that were read. */
function read(content: string | Uint8Array): {
  readonly problems: readonly string[];
  readonly rules: readonly string[];
} {
  const { groups, problems } = readRuleFile('r.yml', content);
  const names = groups.flatMap(({ rules }) =>
    rules.map(({ name, labels }) => `${name} ${Object.entries(labels).join(' ')}`.trim()),
  );
  return { problems: problems.map((found) => formatProblem(found)), rules: names };
}

describe('A3 merge keys of YAML, as Prometheus takes them', () => {
  test('labels merged, one overwritten before or after', () => {
    const base =
      '      - alert: One\n        expr: up == 0\n        labels: &l {severity: critical, team: shop}\n';
    for (const labels of [
      '{<<: *l, severity: warning}',
      '{severity: warning, <<: *l}',
      '{severity: warning, <<: [*l, {team: other}]}',
    ]) {
      const { problems, rules } = read(
        group(`${base}      - alert: Two\n        expr: up == 0\n        labels: ${labels}\n`),
      );
      assert.deepEqual(problems, [], labels);
      assert.deepEqual(rules[1]!.split(' ').toSorted(), ['Two', 'severity,warning', 'team,shop'], labels);
    }
  });

  test('a whole rule merged, and merges inside what is merged', () => {
    const { problems, rules } = read(
      group(
        '      - &a {alert: A, expr: up == 1, labels: {x: "1"}}\n      - &b {<<: *a, alert: B}\n      - {<<: *b, alert: C, labels: {y: "2"}}\n',
      ),
    );
    assert.deepEqual([problems, rules], [[], ['A x,1', 'B x,1', 'C y,2']]);
  });

  test('a merged field that no rule has is an error as if it were written there', () => {
    const { problems } = read(group('      - {<<: {expr: up, nope: 1}, alert: A}\n'));
    assert.match(problems[0]!, /r\.yml:4:\d+: .*a field of a rule/);
  });

  test('what cannot be merged is an error, and a map that merges itself ends', () => {
    assert.match(
      read(group('      - {<<: text, alert: A, expr: up}\n')).problems[0]!,
      /a map, or a list of maps/,
    );
    assert.match(read(group('      - &a {<<: *a, alert: A, expr: up}\n')).problems[0]!, /merges itself/);
    const quoted = read(group('      - {alert: A, expr: up, labels: {"<<": x}}\n'));
    assert.deepEqual(quoted, { problems: [], rules: ['A <<,x'] });
  });

  test('a key that occurs twice is an error, at the second', () => {
    const { problems } = read(group('      - alert: A\n        expr: up\n        alert: B\n'));
    assert.match(problems[0]!, /r\.yml:6:9: expected each key once, got "alert"/);
  });
});

describe('A3 a file that is not UTF-8 is refused with its position', () => {
  test('Latin-1, UTF-16, a cut sequence and an overlong one', () => {
    const latin = Buffer.from('- name: A\n  description: "å"\n', 'latin1');
    assert.match(read(latin).problems[0]!, /r\.yml:2:17: .*byte 0xe5, which is not UTF-8/);
    assert.match(read(Buffer.from('\uFEFF- name: A', 'utf16le')).problems[0]!, /r\.yml:1:1: .*byte 0xff/);
    assert.match(read(Buffer.from([0x23, 0xc3, 0xa5, 0xc3])).problems[0]!, /r\.yml:1:3: .*byte 0xc3/);
    assert.match(read(Buffer.from([0x23, 0xc0, 0xaf])).problems[0]!, /r\.yml:1:2: .*byte 0xc0/);
    assert.match(read(Buffer.from([0x23, 0xed, 0xa0, 0x80])).problems[0]!, /r\.yml:1:2: .*byte 0xed/);
  });

  test('UTF-8 with a byte order mark and every length of sequence is taken', () => {
    const text = '\uFEFF- name: A\n  condition: up\n  description: "aå€😀"\n';
    assert.deepEqual(read(Buffer.from(text)), { problems: [], rules: ['A'] });
  });
});

describe('A7 rule files that are too large end with an error, not with the monitor', () => {
  test('a hundred thousand rules', () => {
    const rule = (i: number): string => `- {name: R${i}, condition: vector(${i})}\n`;
    const all = Array.from({ length: 100_000 }, (_, i) => rule(i)).join('');
    assert.match(read(all).problems[0]!, /more than \d+ (bytes|entries)/);
    const some = Array.from({ length: 6000 }, (_, i) => rule(i)).join('');
    const { problems, rules } = read(some);
    assert.equal(problems.length, 1);
    assert.match(problems[0]!, /r\.yml:5001:3: .*more than 5000 rules/);
    assert.equal(rules.length, 5000);
  });

  test('files together, and rules that aliases repeat', () => {
    const budget = new RuleBudget();
    const text = Array.from({ length: 3000 }, (_, i) => `- {name: R${i}, condition: vector(${i})}\n`).join(
      '',
    );
    assert.equal(readRuleFile('a.yml', text, budget).problems.length, 0);
    assert.equal(readRuleFile('b.yml', text, budget).problems.length, 1);
    const long = `sum(${'x + '.repeat(400)}x)`;
    const repeated = `- &r {name: R, condition: "${long}", description: "${'d'.repeat(100_000)}"}\n${'- *r\n'.repeat(4000)}`;
    assert.match(read(repeated).problems[0]!, /more than 8000000 characters/);
  });

  test('patterns of all rules together', () => {
    const rule = (i: number): string => `- {name: R${i}, condition: 'up{a=~".*[a-z]{0,900}x${i}.*"}'}\n`;
    const { problems, rules } = read(Array.from({ length: 200 }, (_, i) => rule(i)).join(''));
    assert.equal(problems.length, 1);
    assert.match(problems[0]!, /regular expressions that are too large together/);
    assert.ok(rules.length < 100);
  });

  test('aliases of aliases, deep nesting and many keys take no time', () => {
    const laughs = Array.from({ length: 30 }, (_, i) => `- &a${i + 1} [${`*a${i},`.repeat(9)}]\n`).join('');
    for (const text of [
      `- &a0 x\n${laughs}`,
      `${'['.repeat(5000)}${']'.repeat(5000)}`,
      `{${Array.from({ length: 10_000 }, (_, i) => `k${i}: 1`).join(', ')}}`,
      `- &a {name: A, condition: up, labels: {b: *a}}`,
      `- {name: A, condition: up, labels: {${Array.from({ length: 5000 }, (_, i) => `l${i}: a`).join(', ')}}}`,
    ]) {
      const { problems, rules } = read(text);
      assert.ok(problems.length > 0 || rules.length > 0, text.slice(0, 40));
    }
  });
});
