import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runCase } from '../conformance/run-case.ts';
import { readScript } from '../conformance/script.ts';
import { ScriptStorage } from '../conformance/storage.ts';

/** Runs every case of a file in the promqltest language; those out of scope are given to `skipped`. */
function runScript(path: string, skipped: (reason: string) => void): void {
  const storage = new ScriptStorage();
  for (const command of readScript(readFileSync(path, 'utf8'))) {
    if (command.kind === 'clear') storage.clear();
    else if (command.kind === 'load') storage.load(command);
    else {
      const outcome = runCase(command, storage);
      if (outcome.kind === 'out-of-scope') skipped(outcome.reason);
      else {
        const why = outcome.kind === 'failed' ? outcome.why : '';
        assert.equal(outcome.kind, 'passed', `line ${command.line}: ${command.expr}: ${why}`);
      }
    }
  }
}

const own = join(import.meta.dirname, 'scripts');

describe('our own scripts', () => {
  for (const file of readdirSync(own)) {
    test(`every case of ${file} holds three ways`, () => {
      runScript(join(own, file), (reason) => assert.fail(`out of scope: ${reason}`));
    });
  }
});

const upstream = join(import.meta.dirname, '../../../shared/promqltest');

test(
  'every case in scope of the test data of Prometheus holds',
  { skip: existsSync(upstream) ? false : 'the test data of Prometheus is not beside the project' },
  () => {
    let outOfScope = 0;
    for (const file of readdirSync(upstream).filter((name) => name.endsWith('.test'))) {
      runScript(join(upstream, file), () => outOfScope++);
    }
    // Prometheus 3.16: native histograms and what is behind feature flags. May only fall.
    assert.ok(outOfScope <= 1204, `${outOfScope} out of scope`);
  },
);
