import assert from 'node:assert/strict';
import { test } from 'node:test';
import { realDisk } from '../../src/files/disk.ts';
import { provideLogging } from '../../src/logging/current-logging.ts';
import { StructuredLogger } from '../../src/logging/structured-logger.ts';
import { testLogging } from '../helpers/logging.ts';

const CALLS = 20_000;
const ROUNDS = 5;

function full(): never {
  throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
}

/** The least CPU time of some rounds, in microseconds a log call. */
function costOf(logger: StructuredLogger): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let index = 0; index < CALLS; index++) logger.info('order placed', { order: index, user: 'u1' });
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / CALLS);
  }
  return least;
}

for (const spool of [true, false]) {
  test(`L2 a full disk costs at most 1.2 times a log call (${spool ? 'with' : 'without'} a spool)`, (t) => {
    let isFull = false;
    const disk = {
      ...realDisk,
      write: (fd: number, data: string | Buffer) => (isFull ? full() : realDisk.write(fd, data)),
      makeFolder: (path: string, mode: number) => (isFull ? full() : realDisk.makeFolder(path, mode)),
    };
    const { logging } = testLogging(t, {}, { spool, disk });
    provideLogging(() => logging);
    const logger = new StructuredLogger('api');
    costOf(logger);
    const well = costOf(logger);
    isFull = true;
    // What fits into memory first.
    costOf(logger);
    const failing = costOf(logger);
    assert.ok(failing <= 1.2 * well, `${failing.toFixed(2)} µs, well ${well.toFixed(2)}`);
  });
}
