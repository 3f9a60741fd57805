import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { isRecordLine } from '../../src/spool/record-line.ts';
import { spoolDirOf } from '../../src/spool/segments.ts';
import { filesIn, linesOf, tempDir } from '../helpers/logging.ts';

const PROGRAM = join(import.meta.dirname, 'programs', 'full-disk.ts');

/** Runs the program with a limit on the size of files: writes become short at the limit and fail beyond it, as on a full disk. */
async function run(dir: string, spool: string): Promise<Record<string, number>> {
  const command = `trap '' XFSZ; ulimit -f 64; exec "$0" "$@"`;
  const child = spawn('/bin/sh', ['-c', command, process.execPath, PROGRAM, dir, spool], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  assert.equal(code, 0, 'the program lives on');
  return JSON.parse(text) as Record<string, number>;
}

test(
  'at a full disk without a spool no line is cut in two, and all that are missing are counted',
  { skip: process.platform === 'win32' },
  async (t) => {
    const dir = join(tempDir(t), 'logs');
    const { records = 0, lost = 0, waiting = 0 } = await run(dir, 'file');
    const lines = linesOf(dir, 'api');
    assert.ok(lines.length > 100 && lines.length < records, `${lines.length} lines`);
    for (const [index, line] of lines.entries())
      assert.match(line, new RegExp(` - api - INFO - n${index} x+$`));
    assert.equal(lines.length + lost + waiting, records);
  },
);

test(
  'at a full disk the spool has whole records only, and those it could not take are counted',
  { skip: process.platform === 'win32' },
  async (t) => {
    const dir = join(tempDir(t), 'logs');
    const { records = 0, notSpooled = 0 } = await run(dir, 'spool');
    const spoolDir = spoolDirOf(dir, 'shop');
    let spooled = 0;
    for (const name of filesIn(spoolDir)) {
      const lines = readFileSync(join(spoolDir, name), 'utf8').split('\n');
      assert.equal(lines.at(-1), '', 'a record was left cut off');
      spooled += lines.filter(isRecordLine).length;
    }
    assert.equal(spooled + notSpooled, records);
    assert.ok(notSpooled > 0 && spooled > 100);
  },
);
