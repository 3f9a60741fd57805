import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { INPUTS, inputsPrint, isStale, noteInputs } from '../../scripts/build/freshness.ts';
import { oneAtATime } from '../../scripts/build/one-at-a-time.ts';

function folder(t: TestContext): string {
  const place = mkdtempSync(join(tmpdir(), 'monitoring-build-'));
  t.after(() => rmSync(place, { recursive: true }));
  return place;
}

/** A project with every input that there is. */
function project(t: TestContext): string {
  const root = folder(t);
  mkdirSync(join(root, 'src', 'deep'), { recursive: true });
  writeFileSync(join(root, 'src', 'b.ts'), '');
  writeFileSync(join(root, 'src', 'deep', 'a.ts'), '');
  for (const path of INPUTS.filter((input) => input !== 'src')) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  return root;
}

function build(root: string): void {
  mkdirSync(join(root, 'dist'), { recursive: true });
  noteInputs(join(root, 'dist'), inputsPrint(root));
}

test('without dist a build is due; after it none is', (t) => {
  const root = project(t);
  assert.equal(isStale(root), true);
  build(root);
  assert.equal(isStale(root), false);
});

test('a changed source, a new one and a deleted one each make the build stale', (t) => {
  const root = project(t);
  build(root);
  writeFileSync(join(root, 'src/deep/a.ts'), 'export {};');
  assert.equal(isStale(root), true, 'changed');
  build(root);
  assert.equal(isStale(root), false);
  writeFileSync(join(root, 'src/deep/new.ts'), '');
  assert.equal(isStale(root), true, 'new');
  build(root);
  rmSync(join(root, 'src/b.ts'));
  assert.equal(isStale(root), true, 'deleted');
});

test('a copy and a new date do not make a fresh build stale', (t) => {
  const root = project(t);
  build(root);
  utimesSync(join(root, 'src/b.ts'), 2_000_000_000, 2_000_000_000);
  assert.equal(isStale(root), false);
  const copy = folder(t);
  cpSync(root, copy, { recursive: true });
  assert.equal(isStale(copy), false);
});

test('builders take turns', async (t) => {
  const lock = join(folder(t), 'lock');
  const steps: string[] = [];
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const first = oneAtATime(lock, async () => {
    steps.push('first begins');
    await held;
    steps.push('first ends');
  });
  const second = oneAtATime(lock, () => {
    steps.push('second begins');
    return Promise.resolve();
  });
  letGo();
  await Promise.all([first, second]);
  assert.deepEqual(steps, ['first begins', 'first ends', 'second begins']);
  assert.equal(statSync(lock, { throwIfNoEntry: false }), undefined);
});

test('the lock of a builder that was killed is taken over, and a failing build leaves none', async (t) => {
  const lock = join(folder(t), 'lock');
  mkdirSync(lock);
  utimesSync(lock, 1_700_000_000, 1_700_000_000);
  await assert.rejects(
    oneAtATime(lock, () => Promise.reject(new Error('does not compile'))),
    /does not compile/,
  );
  assert.equal(statSync(lock, { throwIfNoEntry: false }), undefined);
});
