import assert from 'node:assert/strict';
import test from 'node:test';
import { createFormatter } from '../../../src/logging/record/formatters.ts';
import { severityNumbers } from '../../../src/logging/record/severity-numbers.ts';
import type { LogEntry } from '../../../src/spool/record.ts';
import { localMs } from '../../helpers/logging.ts';

const entry: LogEntry = {
  atMs: localMs(2026, 11, 23, 20, 15, 0, 123),
  subNs: 4567,
  severity: severityNumbers.WARNING,
  logger: 'api',
  application: 'api',
  version: '1',
  body: 'slow answer',
  uid: 'U',
  code: { functionName: 'handle', filePath: '/srv/shop/orders.test.ts', line: 12, json: '' },
  traceId: '',
  spanId: '',
  traceFlags: 0,
  eventName: '',
  stack: '',
  attributesJson: '',
};

test('the text form is the documented one', () => {
  const format = createFormatter('text');
  assert.equal(format(entry), '2026-11-23 20:15:00,123 - api - WARNING - slow answer\n');
});

test('no message or name can forge a line', () => {
  const format = createFormatter('text');
  const forged = {
    ...entry,
    logger: 'a\nb',
    body: 'x\n2026-11-23 20:15:00,123 - api - INFO - forged\u001b[31m\u2028',
  };
  assert.equal(
    format(forged),
    '2026-11-23 20:15:00,123 - a\\nb - WARNING - x\\n2026-11-23 20:15:00,123 - api - INFO - forged\\u001b[31m\\u2028\n',
  );
});

test('the stack of an error is below its line, indented, each line escaped', () => {
  const format = createFormatter('text');
  const text = format({
    ...entry,
    stack: 'Error: a\r\n2026-11-23 20:15:00,123 - api - INFO - forged\n    at b',
  });
  assert.equal(
    text,
    '2026-11-23 20:15:00,123 - api - WARNING - slow answer\n' +
      '    Error: a\\r\n    2026-11-23 20:15:00,123 - api - INFO - forged\n        at b\n',
  );
});

test('the JSON form has the documented fields, then the extras', () => {
  const line = createFormatter('json')({ ...entry, attributesJson: '"user":"u1","ms":12' });
  assert.ok(line.endsWith('}\n'));
  assert.deepEqual(JSON.parse(line), {
    timestamp: new Date(entry.atMs).toISOString().slice(0, -4) + '123004',
    level: 'WARNING',
    logger: 'api',
    message: 'slow answer',
    module: 'orders.test',
    function: 'handle',
    line: 12,
    user: 'u1',
    ms: 12,
  });
});

test('in the JSON form a record without a location has null fields, and one in a trace has its ids', () => {
  const traced = {
    ...entry,
    code: undefined,
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    eventName: 'e',
  };
  const fields = JSON.parse(createFormatter('json')(traced)) as Record<string, unknown>;
  assert.deepEqual([fields['module'], fields['function'], fields['line']], [null, null, null]);
  assert.equal(fields['trace_id'], 'a'.repeat(32));
  assert.equal(fields['span_id'], 'b'.repeat(16));
  assert.equal(fields['event.name'], 'e');
});

test('a function without a name is <anonymous>', () => {
  const place = { functionName: '', filePath: 'C:\\shop\\app.mjs', line: 1, json: '' };
  const fields = JSON.parse(createFormatter('json')({ ...entry, code: place })) as Record<string, unknown>;
  assert.equal(fields['function'], '<anonymous>');
  assert.equal(fields['module'], 'app');
});

test('an unknown form is text', () => {
  assert.equal(createFormatter('xml')(entry), createFormatter('text')(entry));
});
