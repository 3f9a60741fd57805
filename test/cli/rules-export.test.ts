import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultRules } from '../../src/alerts/default-rules/index.ts';
import { readRuleFile } from '../../src/alerts/rules/files/read-rule-file.ts';
import { cli, folderWith } from '../helpers/cli/cli.ts';

const DOCUMENTED =
  'rules:\n  - { name: Hot, condition: system_cpu_usage > 90, duration: 5m, severity: critical }\n';

function namesIn(text: string): readonly string[] {
  const { groups, problems } = readRuleFile('out.yml', text);
  assert.deepEqual(problems, []);
  return groups.flatMap(({ rules }) => rules.map(({ name }) => name));
}

test('without files the environment is exported: its rule files and the rules of the package', async (t) => {
  const cwd = folderWith(t, { 'mine.yml': DOCUMENTED });
  const ofPackage = defaultRules.map(({ name }) => name);
  const all = await cli(['rules', 'export'], { cwd, env: { MONITORING_RULES: 'mine.yml' } });
  assert.deepEqual(namesIn(all.out).toSorted(), ['Hot', ...ofPackage].toSorted());
  const env = { MONITORING_RULES: 'mine.yml', MONITORING_DEFAULT_RULES: 'false' };
  assert.deepEqual(namesIn((await cli(['rules', 'export'], { cwd, env })).out), ['Hot']);
});

test('files that are named are exported alone, or with the rules of the package', async (t) => {
  const cwd = folderWith(t, { 'mine.yml': DOCUMENTED });
  assert.deepEqual(namesIn((await cli(['rules', 'export', 'mine.yml'], { cwd })).out), ['Hot']);
  const more = await cli(['rules', 'export', 'mine.yml', '--default-rules'], { cwd });
  assert.equal(namesIn(more.out).length, defaultRules.length + 1);
});

test('a faulty rule stops the export, so that nobody installs half of the rules', async (t) => {
  const cwd = folderWith(t, { 'mine.yml': `${DOCUMENTED}  - { name: Bad, condition: "sum(" }\n` });
  const { code, out, err } = await cli(['rules', 'export', 'mine.yml'], { cwd });
  assert.deepEqual([code, out], [1, '']);
  assert.match(err, /^mine\.yml:3:34: error: expected a PromQL expression/);
});

test('another format is refused', async () => {
  const { code, err } = await cli(['rules', 'export', '--format', 'grafana']);
  assert.equal(code, 2);
  assert.match(err, /--format: expected prometheus, got "grafana"/);
});
