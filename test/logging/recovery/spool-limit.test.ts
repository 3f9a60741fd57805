import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { ownIdentity } from '../../../src/spool/process-identity.ts';
import { boundSpool, type Dropped } from '../../../src/logging/recovery/spool-limit.ts';
import { segmentBase, spoolDirOf } from '../../../src/spool/segments.ts';
import { SpoolFolder } from '../../../src/spool/spool-folder.ts';
import { linesOf, localMs, tempDir } from '../../helpers/logging.ts';

const NOON = localMs(2026, 11, 23, 12);
const LIMIT = { nowMs: NOON, isGivenUp: (): boolean => false };

interface Folder {
  readonly dir: string;
  readonly spoolDir: string;
  readonly put: (number: number, records: number, state: 'closed' | 'dead' | 'alive') => string;
  readonly left: () => number[];
  readonly bound: (maxBytes: number, givenUp?: string) => Dropped;
}

function setUp(t: TestContext): Folder {
  const dir = tempDir(t);
  const spoolDir = spoolDirOf(dir, 'shop');
  mkdirSync(spoolDir, { recursive: true });
  return {
    dir,
    spoolDir,
    put(number, records, state) {
      const start = state === 'alive' ? ownIdentity().start : 'never';
      const header = { spool: 1, resource: {}, processId: 'p', ...ownIdentity(), start, format: 'text' };
      const lines = Array.from(
        { length: records },
        (_, index) => `{"t":"${NOON}00000${index % 10}","n":9,"s":"api","u":"U","b":"${number}.${index}"}\n`,
      );
      const end = state === 'closed' ? `{"done":${records},"files":{},"closed":true}\n` : '';
      const base = segmentBase(1000 + number, 'p', number);
      writeFileSync(join(spoolDir, `${base}.seg`), `${JSON.stringify(header)}\n${lines.join('')}${end}`);
      return base;
    },
    bound: (maxBytes, givenUp) =>
      boundSpool({
        ...LIMIT,
        folder: new SpoolFolder(spoolDir),
        logDir: dir,
        maxBytes,
        isGivenUp: (base) => base === givenUp,
      }),
    left: () => new SpoolFolder(spoolDir).list().map(({ base }) => Number(base.slice(-6))),
  };
}

test('within its bounds nothing is dropped', (t) => {
  const { dir, put, left, bound } = setUp(t);
  put(1, 10, 'closed');
  assert.deepEqual(bound(1_000_000), { segments: 0, records: 0, lines: 0 });
  assert.deepEqual(left(), [1]);
  assert.deepEqual(
    boundSpool({ ...LIMIT, folder: new SpoolFolder(join(dir, 'missing')), logDir: dir, maxBytes: 0 }),
    {
      segments: 0,
      records: 0,
      lines: 0,
    },
  );
});

test('the oldest go first, and the records that nobody had taken are counted', (t) => {
  const { spoolDir, put, left, bound } = setUp(t);
  const first = put(1, 10, 'closed');
  put(2, 10, 'closed');
  put(3, 10, 'closed');
  new SpoolFolder(spoolDir).appendAck(first, { bytes: 500, records: 4 });
  assert.deepEqual(bound(1300), { segments: 2, records: 6 + 10, lines: 0 });
  assert.deepEqual(left(), [3]);
});

test('a segment that its process still writes is kept', (t) => {
  const { put, left, bound } = setUp(t);
  put(1, 10, 'alive');
  put(2, 10, 'closed');
  assert.deepEqual(bound(1), { segments: 1, records: 10, lines: 0 });
  assert.deepEqual(left(), [1]);
});

test('a segment that only waits for daily files that cannot be written goes in the end, and is counted in full', (t) => {
  const { put, left, bound } = setUp(t);
  const base = put(1, 10, 'alive');
  assert.deepEqual(bound(1, base), { segments: 1, records: 10, lines: 10 });
  assert.deepEqual(left(), []);
});

test('the lines of a killed process are in the daily file before its segment goes', (t) => {
  const { dir, put, left, bound } = setUp(t);
  put(1, 10, 'dead');
  assert.deepEqual(bound(1), { segments: 1, records: 10, lines: 0 });
  assert.deepEqual(left(), []);
  assert.equal(linesOf(dir, 'api').length, 10);
});
