import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { createFormatter } from '../../../src/logging/record/formatters.ts';
import { ownIdentity } from '../../../src/spool/process-identity.ts';
import { severityNumbers } from '../../../src/logging/record/severity-numbers.ts';
import type { LogEntry } from '../../../src/spool/record.ts';
import { careForSegment, recoverSpool } from '../../../src/logging/recovery/recover-spool.ts';
import { encodeEntry } from '../../../src/spool/record-line.ts';
import { SpoolFolder } from '../../../src/spool/spool-folder.ts';
import { segmentBase, spoolDirOf } from '../../../src/spool/segments.ts';
import { bodiesOf, filesIn, linesOf, localMs, recordingOwnLog, tempDir } from '../../helpers/logging.ts';

const NOON = localMs(2026, 11, 23, 12);
const DAILY = 'api_20261123.log';
const PROGRAM = join(import.meta.dirname, 'programs', 'logger.ts');
const RECOVER = join(import.meta.dirname, 'programs', 'recover.ts');

function entry(index: number, body = `record ${index} å`): LogEntry {
  return {
    atMs: NOON + Math.floor(index / 3),
    subNs: index,
    severity: severityNumbers.INFO,
    logger: 'api',
    application: 'api',
    version: '1',
    body,
    uid: `U${index}`,
    code: undefined,
    traceId: '',
    spanId: '',
    traceFlags: 0,
    eventName: '',
    stack: '',
    attributesJson: '"index":1',
  };
}

/** A process that certainly runs no more. */
const deadHeader = (format: string): string =>
  `${JSON.stringify({ spool: 1, resource: {}, processId: 'dead', ...ownIdentity(), start: 'never', format })}\n`;

interface Moment {
  readonly segment: Buffer;
  readonly daily: Buffer;
}

/** Every state in which a process can leave its two files when it is killed: each byte of each write. */
function moments(inode: number, format: string): Moment[] {
  const formatLine = createFormatter(format);
  let segment: Buffer = Buffer.from(deadHeader(format));
  let daily: Buffer = Buffer.from('earlier line of another process\n');
  const all: Moment[] = [{ segment, daily }];
  const write = (file: 'segment' | 'daily', text: string): void => {
    for (let at = 1; at <= Buffer.byteLength(text); at++) {
      const part = Buffer.from(text).subarray(0, at);
      all.push({
        segment: file === 'segment' ? Buffer.concat([segment, part]) : segment,
        daily: file === 'daily' ? Buffer.concat([daily, part]) : daily,
      });
    }
    ({ segment, daily } = all.at(-1) as Moment);
  };
  let index = 0;
  for (const batch of [2, 3, 1]) {
    const entries = Array.from({ length: batch }, () =>
      entry(index++, index === 4 ? 'record 2 å' : undefined),
    );
    for (const one of entries) write('segment', encodeEntry(one));
    write('daily', entries.map(formatLine).join(''));
    write('segment', `${JSON.stringify({ done: index, files: { [DAILY]: [inode, daily.length] } })}\n`);
  }
  return all;
}

// Every byte of the text form; of the JSON form, whose lines are three times as long, every third.
for (const [format, step] of [
  ['text', 1],
  ['text-extras', 1],
  ['json', 3],
] as const) {
  test(`killed at any byte of any write, each record has its ${format} line exactly once`, (t) => {
    const dir = tempDir(t);
    const spoolDir = spoolDirOf(dir, 'shop');
    mkdirSync(spoolDir, { recursive: true });
    const path = join(spoolDir, `${segmentBase(NOON, 'dead', 1)}.seg`);
    const dailyPath = join(dir, DAILY);
    writeFileSync(dailyPath, '');
    const states = moments(statSync(dailyPath).ino, format).filter((_, number) => number % step === 0);
    assert.ok(states.length > 500, `${states.length} states`);
    for (const [number, { segment, daily }] of states.entries()) {
      writeFileSync(path, segment);
      writeFileSync(dailyPath, daily);
      const whole = segment.toString('utf8', 0, segment.lastIndexOf(10) + 1);
      const records = whole.split('\n').filter((line) => line.startsWith('{"t":'));
      const expected = ['earlier line of another process\n', ...records.map((_, at) => lineOf(at))].join('');

      assert.equal(careForSegment(new SpoolFolder(spoolDir), dir, path, NOON).kind, 'complete');
      assert.equal(readFileSync(dailyPath, 'utf8'), expected, `state ${number}`);

      // Completing is cut off as well, anywhere in what it appends, and done again.
      const appended = Buffer.from(expected).subarray(daily.length);
      for (const at of [1, appended.length >> 1].filter((cut) => cut > 0 && number % 4 === 0)) {
        writeFileSync(path, segment);
        writeFileSync(dailyPath, Buffer.concat([daily, appended.subarray(0, at)]));
        careForSegment(new SpoolFolder(spoolDir), dir, path, NOON);
        assert.equal(readFileSync(dailyPath, 'utf8'), expected, `state ${number}, again after ${at} bytes`);
      }
      careForSegment(new SpoolFolder(spoolDir), dir, path, NOON);
      assert.equal(readFileSync(dailyPath, 'utf8'), expected, `state ${number}, once more`);
    }

    function lineOf(index: number): string {
      return createFormatter(format)(entry(index, index === 3 ? 'record 2 å' : undefined));
    }
  });
}

test('lines go into the file of the day of the record, not of the day of the restart', (t) => {
  const dir = tempDir(t);
  const spoolDir = spoolDirOf(dir, 'shop');
  mkdirSync(spoolDir, { recursive: true });
  const late = { ...entry(0), atMs: localMs(2026, 11, 23, 23, 59, 59, 999) };
  const early = { ...entry(1), atMs: localMs(2026, 11, 24), application: 'db', logger: 'db' };
  const path = join(spoolDir, `${segmentBase(NOON, 'dead', 1)}.seg`);
  writeFileSync(path, deadHeader('text') + encodeEntry(late) + encodeEntry(early));
  assert.equal(
    recoverSpool(new SpoolFolder(spoolDir), dir, recordingOwnLog(), () => NOON + 86_400_000 * 3),
    1,
  );
  assert.equal(linesOf(dir, 'api').length, 1);
  assert.deepEqual(filesIn(dir).slice(0, 2), ['api_20261123.log', 'db_20261124.log']);
});

test('the segment of a running process is left alone', (t) => {
  const dir = tempDir(t);
  const spoolDir = spoolDirOf(dir, 'shop');
  mkdirSync(spoolDir, { recursive: true });
  const header = { spool: 1, resource: {}, processId: 'me', ...ownIdentity(), format: 'text' };
  const path = join(spoolDir, `${segmentBase(NOON, 'me', 1)}.seg`);
  const content = `${JSON.stringify(header)}\n${encodeEntry(entry(0))}`;
  writeFileSync(path, content);
  assert.equal(recoverSpool(new SpoolFolder(spoolDir), dir, recordingOwnLog(), Date.now), 0);
  assert.equal(readFileSync(path, 'utf8'), content);
});

test('a daily file that cannot be written is logged, and the records stay', (t) => {
  const dir = tempDir(t);
  const spoolDir = spoolDirOf(dir, 'shop');
  mkdirSync(spoolDir, { recursive: true });
  mkdirSync(join(dir, DAILY));
  const path = join(spoolDir, `${segmentBase(NOON, 'dead', 1)}.seg`);
  writeFileSync(path, deadHeader('text') + encodeEntry(entry(0)));
  const ownLog = recordingOwnLog();
  assert.equal(
    recoverSpool(new SpoolFolder(spoolDir), dir, ownLog, () => NOON),
    0,
  );
  assert.match(ownLog.said.join(), /MON_LOG_WRITE/);
  rmSync(join(dir, DAILY), { recursive: true });
  assert.equal(
    recoverSpool(new SpoolFolder(spoolDir), dir, ownLog, () => NOON),
    1,
  );
  assert.equal(linesOf(dir, 'api').length, 1);
});

async function output(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'close');
  return text;
}

interface Run {
  readonly said: readonly string[];
  readonly code: number | null;
  readonly signal: string | null;
}

async function run(args: readonly string[], killAfter?: number): Promise<Run> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (killAfter !== undefined && text.split('\n').length > killAfter) child.kill('SIGKILL');
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { said: text.split('\n').slice(0, -1), code, signal };
}

/** All that the program said is in the daily file, each once and in order; at most what it had no time to say comes on top. */
function assertNothingLost(dir: string, said: readonly string[]): void {
  const bodies = bodiesOf(dir, 'api');
  assert.equal(new Set(bodies).size, bodies.length, 'a line is doubled');
  assert.deepEqual(bodies.slice(0, said.length), said);
  assert.ok(bodies.length <= said.length + 1, `${bodies.length} lines for ${said.length} records`);
}

for (const [records, perTurn] of [
  ['1', '1'],
  ['7', '3'],
  ['300', '1'],
  ['2000', '500'],
] as const) {
  test(`after SIGKILL with ${records} records, ${perTurn} a turn, all lines are there once the next process starts`, async (t) => {
    const dir = join(tempDir(t), 'logs');
    const { said, signal } = await run([dir, 'kill', records, perTurn]);
    assert.equal(signal, 'SIGKILL');
    assert.equal(said.length, Number(records));
    recoverSpool(new SpoolFolder(spoolDirOf(dir, 'shop')), dir, recordingOwnLog(), Date.now);
    assertNothingLost(dir, said);
    recoverSpool(new SpoolFolder(spoolDirOf(dir, 'shop')), dir, recordingOwnLog(), Date.now);
    assertNothingLost(dir, said);
  });
}

for (const killAfter of [1, 40, 333, 1500]) {
  test(`killed from outside at some moment after ${killAfter} records, nothing is lost or doubled`, async (t) => {
    const dir = join(tempDir(t), 'logs');
    const { said } = await run([dir, 'wait', '100000', '20'], killAfter);
    assert.ok(said.length >= killAfter);
    recoverSpool(new SpoolFolder(spoolDirOf(dir, 'shop')), dir, recordingOwnLog(), Date.now);
    assertNothingLost(dir, said);
  });
}

for (const [end, expected] of [
  ['return', { code: 0, signal: null }],
  ['exit', { code: 9, signal: null }],
  ['throw', { code: 1, signal: null }],
] as const) {
  test(`on ${end} all lines are there at once, also of records logged in an exit handler`, async (t) => {
    const dir = join(tempDir(t), 'logs');
    const { said, code, signal } = await run([dir, end, '25', '10']);
    assert.deepEqual({ code, signal }, expected);
    const bodies = bodiesOf(dir, 'api');
    assert.deepEqual(bodies.slice(0, -1), said);
    assert.match(bodies.at(-1) ?? '', /exit$/);
  });
}

test('two processes on one file, both killed: each line of both once', async (t) => {
  const dir = join(tempDir(t), 'logs');
  const runs = await Promise.all([
    run([dir, 'wait', '100000', '7'], 400),
    run([dir, 'wait', '100000', '13'], 700),
  ]);
  recoverSpool(new SpoolFolder(spoolDirOf(dir, 'shop')), dir, recordingOwnLog(), Date.now);
  const bodies = bodiesOf(dir, 'api');
  assert.equal(new Set(bodies).size, bodies.length, 'a line is doubled');
  for (const { said } of runs) {
    const own = bodies.filter((body) => body.startsWith(`${said[0]?.split(' ')[0]} `));
    assert.deepEqual(own.slice(0, said.length), said);
  }
});

test('of several processes that start at once, one completes what another left', async (t) => {
  const dir = join(tempDir(t), 'logs');
  const { said } = await run([dir, 'kill', '500', '50']);
  const completed = await Promise.all(
    Array.from({ length: 4 }, () => output(RECOVER, [dir, spoolDirOf(dir, 'shop')])),
  );
  assertNothingLost(dir, said);
  assert.ok(completed.includes('1\n'), completed.join());
});
