import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { formatProblem, problem } from '../src/errors.ts';

const file = join(import.meta.dirname, '..', 'dist', 'register.cjs');
const source = readFileSync(file, 'utf8');

interface Run {
  readonly required: readonly string[];
  readonly said: string;
}

/** Runs the built preload in a process of the given version, whose `require` and stderr may fail. */
function run(version: string, require: () => unknown = () => ({}), write: () => void = () => {}): Run {
  const required: string[] = [];
  let said = '';
  runInNewContext(source, {
    exports: {},
    process: {
      versions: { node: version },
      stderr: {
        write(text: string): void {
          said += text;
          write();
        },
      },
    },
    require(id: string): unknown {
      required.push(id);
      return require();
    },
  });
  return { required, said };
}

test('from 22.15 on the rest is loaded and nothing is logged', () => {
  for (const version of ['22.15.0', '22.15.1-nightly', '22.20.0', '23.0.0', '24.21.0', '100.1.0'])
    assert.deepEqual(run(version), { required: ['./preload.cjs'], said: '' }, version);
});

test('on an older Node nothing is loaded, and one line is logged, worded as in the table', () => {
  for (const version of ['0.10.48', '12.22.12', '18.20.4', '20.18.0', '22.14.9']) {
    const line = formatProblem(problem('MON_NODE_TOO_OLD', { got: version, expected: '22.15.0' }));
    assert.deepEqual(run(version), { required: [], said: `[monitoring] ${line}\n` });
  }
});

test('whatever goes wrong while loading is one line, and nothing is thrown at the service', () => {
  const { said } = run('24.0.0', () => {
    throw new Error('Cannot find module');
  });
  const line = formatProblem(problem('MON_START', { got: 'Error: Cannot find module' }));
  assert.equal(said, `[monitoring] ${line}\n`);
});

test('a closed stderr does not reach the service either', () => {
  const fail = (): never => {
    throw new Error('EPIPE');
  };
  assert.doesNotThrow(() => run('24.0.0', fail, fail));
  assert.doesNotThrow(() => run('18.0.0', () => ({}), fail));
});
