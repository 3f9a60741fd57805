import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '../../src/config/nearest-name.ts';

test('a letter more, less, wrong or swapped finds the name, and so does another case', () => {
  const known = ['http_requests_total', 'ai_requests_total', 'db_connections'];
  for (const typed of [
    'http_request_total',
    'http_requestss_total',
    'http_requezts_total',
    'htpt_requests_total',
    'HTTP_requests_total',
  ])
    assert.equal(nearest(typed, known), 'http_requests_total', typed);
});

test('a name of its own finds nothing, and short names are not guessed at', () => {
  assert.equal(nearest('orders_total', ['http_requests_total', 'db_connections']), undefined);
  assert.equal(nearest('up', ['le', 'job']), undefined);
  assert.equal(nearest('', ['a']), undefined);
});

test('of two near names the nearer one counts', () => {
  assert.equal(nearest('severty', ['severely', 'severity']), 'severity');
});

test('a text of a million characters costs nothing', () => {
  assert.equal(nearest('x'.repeat(1_000_000), ['x'.repeat(1_000_000)]), undefined);
});
