import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { box, openScreen, wrap } from '../../demo/screen.ts';

test('each line of a box is as wide as asked, whatever is in it', () => {
  const long = 'x'.repeat(100);
  for (const width of [20, 30, 84]) {
    const widths = box(long, [long, '', 'short'], width).map((line) => line.length);
    assert.deepEqual(new Set(widths), new Set([width]));
  }
});

test('text is wrapped at blanks and a word that is too long inside of it', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrap(`a ${'x'.repeat(9)} b`, 5), ['a', 'xxxxx', 'xxxx', 'b']);
  assert.deepEqual(wrap('', 5), []);
});

test('where no line can be rewritten a status comes every five seconds, without escape sequences', () => {
  const out = new PassThrough() as PassThrough & NodeJS.WriteStream;
  let nowMs = 0;
  const screen = openScreen(out, { NO_COLOR: '1' }, () => nowMs);
  for (nowMs = 1000; nowMs <= 11_000; nowMs += 1000) screen.status(`at ${nowMs}`);
  screen.line(screen.style('red', 'end'));
  assert.equal(String(out.read()), 'at 5000\nat 10000\nend\n');
});
