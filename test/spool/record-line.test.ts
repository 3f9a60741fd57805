import assert from 'node:assert/strict';
import test from 'node:test';
import * as fc from 'fast-check';
import { severityNumbers } from '../../src/logging/record/severity-numbers.ts';
import type { LogEntry } from '../../src/spool/record.ts';
import {
  decodeEntry,
  decodeHeader,
  encodeEntry,
  isMarkLine,
  isRecordLine,
} from '../../src/spool/record-line.ts';

const plainEntry: LogEntry = {
  atMs: 1_795_501_595_046,
  subNs: 7,
  severity: severityNumbers.INFO,
  logger: 'api',
  application: 'api',
  version: '1',
  body: 'hello',
  uid: '01M863R6D6WW7YJ3ER1X03YE28',
  code: undefined,
  traceId: '',
  spanId: '',
  traceFlags: 0,
  eventName: '',
  stack: '',
  attributesJson: '',
};

test('a plain record is one short line', () => {
  assert.equal(
    encodeEntry(plainEntry),
    '{"t":"1795501595046000007","n":9,"s":"api","u":"01M863R6D6WW7YJ3ER1X03YE28","b":"hello"}\n',
  );
});

const entries: fc.Arbitrary<LogEntry> = fc
  .record({
    atMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    subNs: fc.integer({ min: 0, max: 999_999 }),
    severity: fc.constantFrom(...Object.values(severityNumbers)),
    logger: fc.string({ unit: 'binary' }),
    application: fc.constantFrom('api', 'other'),
    version: fc.constantFrom('', '1', '2.0"x'),
    body: fc.string({ unit: 'binary' }),
    eventName: fc.constantFrom('', 'security.auth.login_failed'),
    uid: fc.constant('01M863R6D6WW7YJ3ER1X03YE28'),
    traceId: fc.constantFrom('', 'a'.repeat(32)),
    spanId: fc.constant('b'.repeat(16)),
    traceFlags: fc.constant(1),
    stack: fc.constant(''),
    code: fc.constantFrom(undefined, {
      functionName: 'f,"a":{',
      filePath: '/x "y".ts',
      line: 3,
      json: '["f,\\"a\\":{","/x \\"y\\".ts",3]',
    }),
    attributesJson: fc
      .dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(',"a":{')))
      .map((extras) => JSON.stringify(extras).slice(1, -1)),
  })
  // Without a trace there are no ids at all.
  .filter(({ traceId }) => traceId !== '')
  .chain((entry) =>
    fc.constantFrom(entry, Object.assign({}, entry, { traceId: '', spanId: '', traceFlags: 0 })),
  );

test('every record comes back from its line as it was, extras byte by byte', () => {
  fc.assert(
    fc.property(entries, (entry) => {
      const line = encodeEntry(entry);
      assert.equal(line.indexOf('\n'), line.length - 1);
      assert.ok(isRecordLine(line) && !isMarkLine(line));
      const decoded = decodeEntry(line.slice(0, -1));
      assert.ok(decoded);
      for (const key of Object.keys(entry) as (keyof LogEntry)[]) {
        if (key === 'code') assert.equal(decoded.code?.filePath, entry.code?.filePath);
        else assert.deepEqual(decoded[key], entry[key], key);
      }
      assert.equal(JSON.stringify(decoded.attributes), `{${entry.attributesJson}}`);
    }),
    { numRuns: 1000 },
  );
});

test('a damaged line is no record and a foreign header is none', () => {
  assert.equal(decodeEntry('{"t":"12'), undefined);
  assert.equal(decodeEntry('{"t":"12"}'), undefined);
  assert.equal(decodeHeader('{"spool":2}'), undefined);
  assert.equal(decodeHeader('not json'), undefined);
});
