import assert from 'node:assert/strict';
import test from 'node:test';
import * as fc from 'fast-check';
import { missingText } from '../../../src/logging/recovery/complete-segment.ts';

const EXPECTED = 'one\ntwo\ntwo\nthree\n';

test('cut off at any byte, the file has every line once afterwards', () => {
  for (let at = 0; at <= EXPECTED.length; at++) {
    const file = EXPECTED.slice(0, at);
    assert.equal(file + missingText(file, EXPECTED), EXPECTED, `cut at ${at}`);
  }
});

test('lines of other processes between ours are no matter', () => {
  const others = fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 4 });
  const ours = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
  fc.assert(
    fc.property(ours, fc.nat(12), fc.infiniteStream(others), (lines, count, gaps) => {
      const present = lines.slice(0, count);
      let file = '';
      for (const line of present) {
        const [gap = []] = [...gaps.take(1)];
        file += [...gap, line].map((text) => `${text}\n`).join('');
      }
      const expected = lines.map((text) => `${text}\n`).join('');
      const after = file + missingText(file, expected);
      assert.deepEqual(
        after.split('\n').filter((line) => 'abc'.includes(line) && line !== ''),
        lines,
      );
    }),
  );
});

test('a line that another process left cut off is not glued to ours', () => {
  assert.equal(missingText('zzz', 'one\n'), '\none\n');
});

test('nothing is added to a complete file', () => {
  assert.equal(missingText('one\nx\ntwo\n', 'one\ntwo\n'), '');
  assert.equal(missingText('', ''), '');
});
