import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { REGISTER } from '../helpers/service.ts';

test('the preload loads nothing of OpenTelemetry', () => {
  const run = spawnSync(
    process.execPath,
    ['--require', REGISTER, '-p', 'JSON.stringify(Object.keys(require.cache))'],
    { encoding: 'utf8', env: {} },
  );
  assert.equal(run.stderr, '');
  const files = JSON.parse(run.stdout) as string[];
  assert.ok(files.map((file) => basename(file)).includes('preload.cjs'), run.stdout);
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  for (const text of texts) assert.doesNotMatch(text, /createContextKey|class (Meter|Logger)Provider\b/);
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  assert.ok(bytes < 110_000, `${bytes} bytes`);
});
