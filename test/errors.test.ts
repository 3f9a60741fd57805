import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { allProblems, formatProblem, MonitoringError, problem } from '../src/errors.ts';

const src = join(import.meta.dirname, '..', 'src');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && file !== 'errors.ts')
  .map((file) => readFileSync(join(src, file), 'utf8'))
  .join('\n');

test('a problem is one line: code, what happened, what we do, what one can do', () => {
  const found = problem('MON_CONFIG_VALUE', { where: 'A', expected: 'b', got: 'c', fallback: 'd' });
  assert.equal(
    formatProblem(found),
    '[MON_CONFIG_VALUE] invalid value "c" for A: expected b. Now: using d. You can: correct or remove the variable.',
  );
});

test('a parameter that is missing stays visible, one that looks like a placeholder is not filled again', () => {
  assert.match(formatProblem(problem('MON_CONFIG_UNKNOWN')), /unknown setting \{where\}/);
  const tricky = problem('MON_CONFIG_SECRET_FILE', { where: '{path}', path: '{got}', got: '$& {where}' });
  assert.match(formatProblem(tricky), /\] \{path\}: cannot read \{got\}: \$& \{where\}\. Now/);
});

test('every row is worded as part of a sentence and every code by its area', () => {
  for (const [code, { what, now, fix }] of allProblems()) {
    assert.match(code, /^MON(_[A-Z]+)+$/);
    for (const text of [what, now, fix]) {
      assert.ok(text.trim() === text && text.length > 0, code);
      assert.ok(!/[.!]$/.test(text), `${code}: "${text}" gets its full stop from the format`);
      assert.ok(!text.includes('\n'), code);
    }
  }
});

test('every code is used', () => {
  const register = readFileSync(join(src, 'register.ts'), 'utf8');
  const unused = allProblems()
    .map(([code]) => code)
    .filter((code) => !sources.includes(`'${code}'`) && !register.includes(`[${code}]`));
  assert.deepEqual(unused, []);
});

test('an error of ours has its code, its parameters, its cause and a name', () => {
  const cause = new Error('below');
  const error = new MonitoringError('MON_CONFIG_UNKNOWN', { where: 'X' }, { cause });
  assert.equal(error.code, 'MON_CONFIG_UNKNOWN');
  assert.deepEqual(error.params, { where: 'X' });
  assert.equal(error.cause, cause);
  assert.equal(error.name, 'MonitoringError');
  assert.equal(error.message, formatProblem(error));
  assert.ok(error instanceof Error);
});

test('instanceof holds between two loaded copies of the package, both ways', async () => {
  const other = (await import(`../src/errors.ts?copy=${Date.now()}`)) as typeof import('../src/errors.ts');
  assert.notEqual(other.MonitoringError, MonitoringError);
  assert.ok(new other.MonitoringError('MON_START') instanceof MonitoringError);
  assert.ok(new MonitoringError('MON_START') instanceof other.MonitoringError);
});

test('nothing else is an error of ours', () => {
  for (const value of [new Error('x'), { code: 'MON_START' }, null, undefined, 'MON_START', 7])
    assert.equal((value as unknown) instanceof MonitoringError, false);
});
