import assert from 'node:assert/strict';
import test from 'node:test';
import { limits } from '../../../src/logging/record/limits.ts';
import { createRedactedJson } from '../../../src/logging/redaction/redacted-json.ts';
import { createRedaction } from '../../../src/logging/redaction/redaction.ts';

const json = createRedactedJson(
  createRedaction({ keys: ['customer_name'], patterns: [], onProblem: () => assert.fail() }),
);
const parse = (attributes: Record<string, unknown>): unknown =>
  JSON.parse(`{${json.attributes(attributes)}}`);

test('values are written as JSON', () => {
  const attributes = {
    text: 'a "b"\n',
    n: 1.5,
    yes: true,
    no: false,
    nothing: null,
    list: [1, 'x'],
    map: { a: 1 },
  };
  assert.deepEqual(parse(attributes), attributes);
});

test('secrets are redacted by name and by value, however deep', () => {
  const attributes = {
    password: 'x',
    Customer_Name: 'Bo',
    note: 'Bearer abcdefghijk',
    request: { headers: { cookie: 'a=b', host: 'h' }, list: [{ token: 't' }, 'card 4111111111111111'] },
  };
  assert.deepEqual(parse(attributes), {
    password: '[REDACTED]',
    Customer_Name: '[REDACTED]',
    note: 'Bearer [REDACTED]',
    request: {
      headers: { cookie: '[REDACTED]', host: 'h' },
      list: [{ token: '[REDACTED]' }, 'card [REDACTED]'],
    },
  });
});

test('names that the record has itself get a prefix', () => {
  const extras = { level: 1, LEVEL: 2, Severity: 3, message: 4, logger: 5, timestamp: 6, line: 7, user: 8 };
  assert.deepEqual(parse(extras), {
    'ctx.level': 1,
    'ctx.LEVEL': 2,
    'ctx.Severity': 3,
    'ctx.message': 4,
    'ctx.logger': 5,
    'ctx.timestamp': 6,
    'ctx.line': 7,
    user: 8,
  });
});

test('the location is written elsewhere; application and uid never come from the extras (L6)', () => {
  const extras = {
    application: 'x',
    'log.record.uid': 'u',
    'code.file.path': '/a',
    'code.line.number': 1,
    keep: 1,
  };
  assert.deepEqual(parse(extras), { 'ctx.application': 'x', 'ctx.log.record.uid': 'u', keep: 1 });
});

test('all extras together are bounded, which is marked in the record', () => {
  const big = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'x'.repeat(4000)]));
  const text = json.attributes(big);
  assert.ok(text.length <= limits.extrasChars + 100, `${text.length} characters`);
  assert.equal((JSON.parse(`{${text}}`) as Record<string, unknown>)['monitoring.truncated'], true);
});

test('L11 two extras of one record get the same key', () => {
  for (const extras of [
    { level: 1, 'ctx.level': 2 },
    { level: 1, 'ctx.level': 2, 'ctx.ctx.level': 3, Level: 4 },
    { [`${'k'.repeat(200)}a`]: 1, [`${'k'.repeat(200)}b`]: 2 },
  ]) {
    const keys = Array.from(json.attributes(extras).matchAll(/"([^"]*)":/g), ([, key]) => key);
    assert.equal(new Set(keys).size, Object.keys(extras).length, keys.join());
  }
});
