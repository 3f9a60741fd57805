import assert from 'node:assert/strict';
import test from 'node:test';
import { type Answer, parseRetryAfter, readAnswer } from '../../../src/monitor/shipping/collector-answer.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const answer = (status: number, body = '', retryAfter?: string): Answer => ({ status, body, retryAfter });

test('a success is accepted in full, whatever its body', () => {
  for (const body of ['', '{}', '{"partialSuccess":{}}', '{"partialSuccess":null}', 'null', 'OK', '<html>']) {
    assert.deepEqual(readAnswer(answer(200, body), undefined, NOW), {
      kind: 'accepted',
      rejected: 0,
      reason: '',
    });
  }
});

test('the number of rejected records is read, as number or as text', () => {
  for (const count of ['3', '"3"']) {
    const body = `{"partialSuccess":{"rejectedLogRecords":${count},"errorMessage":"too old"}}`;
    assert.deepEqual(readAnswer(answer(200, body), undefined, NOW), {
      kind: 'accepted',
      rejected: 3,
      reason: 'too old',
    });
  }
});

test('answers that blame the request are not to be repeated', () => {
  for (const status of [400, 413, 415, 422]) {
    const result = readAnswer(answer(status, 'because'), new Error('x'), NOW);
    assert.deepEqual(result, { kind: 'refused', reason: `HTTP ${status} because` });
  }
});

test('all other failures are repeated: overload, credentials, a wrong address', () => {
  for (const status of [301, 401, 403, 404, 408, 429, 500, 502, 503, 504]) {
    assert.equal(readAnswer(answer(status), new Error('x'), NOW).kind, 'retry', String(status));
  }
  const noAnswer = readAnswer(undefined, new Error('connect ECONNREFUSED'), NOW);
  assert.deepEqual(noAnswer, { kind: 'retry', reason: 'connect ECONNREFUSED', afterMs: undefined });
});

test('Retry-After is seconds or a date', () => {
  assert.equal(parseRetryAfter('120', NOW), 120_000);
  assert.equal(parseRetryAfter('Mon, 23 Nov 2026 12:01:00 GMT', NOW), 60_000);
  assert.equal(parseRetryAfter('Mon, 23 Nov 2026 11:00:00 GMT', NOW), 0);
  assert.equal(parseRetryAfter('soon', NOW), undefined);
  assert.equal(parseRetryAfter(undefined, NOW), undefined);
  const result = readAnswer(answer(503, '', '7'), new Error('x'), NOW);
  assert.equal(result.kind === 'retry' && result.afterMs, 7000);
});

test('a long reason is cut', () => {
  const result = readAnswer(answer(400, 'x'.repeat(10_000)), new Error('x'), NOW);
  assert.ok(result.kind === 'refused' && result.reason.length <= 300);
});
