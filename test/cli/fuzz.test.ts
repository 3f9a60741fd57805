import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTestFile } from '../../src/cli/rule-tests/read-test-file.ts';
import { runTest } from '../../src/cli/rule-tests/run-test.ts';
import { seriesOfPage } from '../../src/cli/metrics-page.ts';
import { parseMoment } from '../../src/cli/terminal/parse-time.ts';
import { cli, folderWith } from '../helpers/cli/cli.ts';

const WORDS = [
  'rule_files',
  'tests',
  'interval',
  'input_series',
  'series',
  'values',
  'alert_rule_test',
  'promql_expr_test',
  'expr',
  'eval_time',
  'exp_samples',
  'labels',
  'value',
  'groups',
  'rules',
  'alert',
  'name',
  'condition',
  ': ',
  '\n  - ',
  '\n    ',
  '[',
  ']',
  '{',
  '}',
  '1m',
  'up{a="b"}',
  '1+2x3',
  'x',
  '&a ',
  '*a',
  '"',
  "'",
  '|\n',
  '5',
  'null',
];
const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 25 }).map((words) => words.join(''));

test('no text makes the reader of test files throw, and what it accepts runs', () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), (content) => {
      const { file, problems } = readTestFile('tests.yml', content);
      assert.equal(file === undefined, problems.length > 0);
      for (const group of file?.tests ?? []) if (file !== undefined) runTest(file, group, []);
    }),
    { numRuns: 2000 },
  );
});

test('no rule file makes the check fail by itself', async (t) => {
  const cwd = folderWith(t, {});
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, fc.string()), async (content) => {
      writeFileSync(`${cwd}/rules.yml`, content);
      const { code, err } = await cli(['rules', 'check', 'rules.yml'], { cwd });
      assert.ok(code === 0 || code === 1, err);
      assert.equal(err, '');
    }),
    { numRuns: 1000 },
  );
});

test('no page and no time makes their readers throw', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (page, time) => {
      seriesOfPage(page);
      const timeMs = parseMoment(time, 0);
      assert.ok(timeMs === undefined || Number.isFinite(timeMs));
    }),
    { numRuns: 2000 },
  );
});
