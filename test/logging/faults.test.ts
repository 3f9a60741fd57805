import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { provideLogging } from '../../src/logging/current-logging.ts';
import type { Logging } from '../../src/logging/logging.ts';
import { recoverSpool } from '../../src/logging/recovery/recover-spool.ts';
import { StructuredLogger } from '../../src/logging/structured-logger.ts';
import { decodeEntry, isRecordLine } from '../../src/spool/record-line.ts';
import { spoolDirOf } from '../../src/spool/segments.ts';
import { SpoolFolder } from '../../src/spool/spool-folder.ts';
import { type Fault, type FaultyDisk, faultyDisk, type SeenCall } from '../helpers/faulty-disk.ts';
import { filesIn, localMs, linesOf, recordingOwnLog, testLogging } from '../helpers/logging.ts';

const NOON = localMs(2026, 11, 23, 12);
const FAULTS: readonly Fault[] = ['ENOSPC', 'EACCES', 'EMFILE', 'EIO', 'short'];
const LOGGERS = ['api', 'db'] as const;
const ROUNDS = 6;

interface Scene {
  readonly logging: Logging;
  readonly dir: string;
  readonly disk: FaultyDisk;
  readonly said: readonly string[];
  /** Logs what a small service logs in some seconds, each logger its own numbers. */
  readonly run: () => void;
}

function scene(t: TestContext, spool: boolean): Scene {
  let nowMs = NOON;
  const disk = faultyDisk();
  const { logging, dir, ownLog } = testLogging(t, {}, { spool, disk, now: () => nowMs });
  return {
    logging,
    dir,
    disk,
    said: ownLog.said,
    run() {
      provideLogging(() => logging);
      for (let round = 0; round < ROUNDS; round++) {
        for (const name of LOGGERS) {
          const logger = new StructuredLogger(name);
          for (let index = 0; index < 3; index++) logger.info(`${name} ${round * 3 + index}`);
        }
        logging.flushSync();
        nowMs += 20_000;
      }
      logging.close();
    },
  };
}

const expected = (name: string): string[] =>
  Array.from({ length: ROUNDS * 3 }, (_, index) => `${name} ${index}`);

/** The records in daily files, whole lines only: a line that was cut off and given up on may be there in part. */
function written(dir: string, name: string): string[] {
  const wanted = new Set(expected(name));
  return linesOf(dir, name).flatMap((line) => {
    const body = line.split(' - ')[3] ?? '';
    return wanted.has(body) ? [body] : [];
  });
}

function spooled(dir: string): string[] {
  const spoolDir = spoolDirOf(dir, 'shop');
  return filesIn(spoolDir)
    .filter((file) => file.endsWith('.seg'))
    .flatMap((file) => readFileSync(join(spoolDir, file), 'utf8').split('\n').slice(0, -1))
    .filter(isRecordLine)
    .map((line) => decodeEntry(line)?.body ?? 'damaged');
}

/** Records of the spool that have no line yet. */
function waitingInSpool(dir: string, inFiles: readonly string[]): number {
  const there = new Set(inFiles);
  return spooled(dir).filter((body) => !there.has(body)).length;
}

/** As the next process does: the segments belong to nobody. How many records then have their lines. */
function recoveredLines(dir: string): number {
  const over = new (class extends SpoolFolder {
    override hasEnded(): boolean {
      return true;
    }
  })(spoolDirOf(dir, 'shop'));
  recoverSpool(over, dir, recordingOwnLog(), () => NOON + 200_000);
  const found = LOGGERS.map((name) => written(dir, name));
  for (const bodies of found) assert.equal(new Set(bodies).size, bodies.length, 'doubled by the recovery');
  return found.flat().length;
}

function assertOnceInOrder(found: readonly string[], name: string, context: string): void {
  const numbers = found.map((body) => Number(body.split(' ')[1]));
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].sort((one, other) => one - other),
    `${context}: ${name} doubled or out of order`,
  );
}

/** How many calls there are when nothing fails. */
function countCalls(t: TestContext, spool: boolean): readonly SeenCall[] {
  const { disk, run } = scene(t, spool);
  run();
  return disk.calls;
}

/** From one call on, what happens to the calls of the same path. */
const COURSES: Readonly<Record<string, (after: number) => Fault | undefined>> = {
  'a write is cut off and the disk full for the next one': (after) =>
    after === 0 ? 'short' : after === 1 ? 'ENOSPC' : undefined,
  'a write is cut off and the disk full for a while': (after) =>
    after === 0 ? 'short' : after < 8 ? 'ENOSPC' : undefined,
  'a write is cut off and the disk full to the end': (after) => (after === 0 ? 'short' : 'ENOSPC'),
  'the disk is broken to the end': () => 'EIO',
};

for (const spool of [false, true]) {
  const where = spool ? 'with a spool' : 'without a spool';

  test(`${where}, whichever one call fails, logged = in the file + counted as lost`, (t) => {
    const calls = countCalls(t, spool);
    assert.ok(calls.length > 20, `${calls.length} calls`);
    for (const code of FAULTS) {
      for (let at = 0; at < calls.length; at++) {
        const { logging, dir, disk, run } = scene(t, spool);
        disk.fault = (_, index) => (index === at ? code : undefined);
        run();
        const context = `${code} at call ${at}, ${calls[at]?.call} ${calls[at]?.path}`;
        const { lost } = logging.stats();
        let inFiles = 0;
        for (const name of LOGGERS) {
          const bodies = written(dir, name);
          assertOnceInOrder(bodies, name, context);
          inFiles += bodies.length;
        }
        const logged = LOGGERS.length * ROUNDS * 3;
        if (spool) {
          assert.equal(spooled(dir).length + lost.spool, logged, `${context}: in the spool`);
          assert.equal(inFiles + lost.file, logged, `${context}: in the files`);
        } else {
          assert.equal(inFiles + lost.file, logged, context);
        }
      }
    }
  });

  for (const [course, faultAfter] of Object.entries(COURSES)) {
    test(`${where}, from any call on: ${course}; logged = in the file + counted as lost`, (t) => {
      const calls = countCalls(t, spool);
      let losses = 0;
      for (let at = 0; at < calls.length; at++) {
        const { logging, dir, disk, run } = scene(t, spool);
        let path: string | undefined;
        let after = 0;
        disk.fault = (seen, index) => {
          if (index === at) ({ path } = seen);
          return seen.path === path ? faultAfter(after++) : undefined;
        };
        run();
        const context = `call ${at}, ${calls[at]?.call} ${calls[at]?.path}`;
        const { lost } = logging.stats();
        const inFiles = LOGGERS.flatMap((name) => written(dir, name));
        for (const name of LOGGERS) assertOnceInOrder(written(dir, name), name, context);
        const logged = LOGGERS.length * ROUNDS * 3;
        if (spool) assert.equal(spooled(dir).length + lost.spool, logged, `${context}: in the spool`);
        // A line that could not be written is in the spool, from which the next process completes it.
        const waits = spool ? waitingInSpool(dir, inFiles) : 0;
        assert.equal(inFiles.length + lost.file + waits, logged, `${context}: in the files`);
        losses += lost.file + lost.spool + waits;
        disk.fault = () => undefined;
        if (spool) assert.equal(recoveredLines(dir) + lost.file, logged, `${context}: after recovery`);
      }
      assert.ok(course.includes('next one') || losses > 0, 'nothing was lost in any of them');
    });
  }

  test(`${where}, whichever path fails for a while, everything recovers and the totals are exact`, (t) => {
    const paths = new Set(countCalls(t, spool).map(({ path }) => path.replace(/^.*\/logs/, '')));
    for (const code of FAULTS) {
      for (const path of paths) {
        const { logging, dir, disk, said, run } = scene(t, spool);
        let seen = 0;
        disk.fault = (call) => {
          if (call.path.replace(/^.*\/logs/, '') !== path) return undefined;
          seen++;
          return seen > 2 && seen < 9 ? code : undefined;
        };
        run();
        const context = `${code} at ${path}`;
        const { lost } = logging.stats();
        let inFiles = 0;
        for (const name of LOGGERS) {
          const bodies = written(dir, name);
          assertOnceInOrder(bodies, name, context);
          inFiles += bodies.length;
          // Nobody else is hurt.
          if (!path.includes(name) && path !== '' && !path.startsWith('/spool'))
            assert.deepEqual(bodies, expected(name), `${context}: ${name}`);
        }
        const logged = LOGGERS.length * ROUNDS * 3;
        assert.equal(inFiles + lost.file, logged, `${context}: in the files`);
        if (spool) assert.equal(spooled(dir).length + lost.spool, logged, `${context}: in the spool`);
        assert.ok(said.length <= 8, `${context}: ${said.length} lines`);
      }
    }
  });
}

test('whichever daily file fails to the end, the next process completes it from the spool, each line once', (t) => {
  for (const code of FAULTS.filter((fault) => fault !== 'short')) {
    const { logging, dir, disk, run } = scene(t, true);
    disk.fault = ({ path, call }) =>
      path.endsWith('api_20261123.log') && call !== 'stat' ? code : undefined;
    run();
    assert.deepEqual(written(dir, 'db'), expected('db'), code);
    assert.deepEqual(written(dir, 'api'), [], code);
    assert.equal(logging.stats().lost.file, 0, code);
    disk.fault = () => undefined;
    recoveredLines(dir);
    for (const name of LOGGERS) assert.deepEqual(written(dir, name), expected(name), code);
  }
});
