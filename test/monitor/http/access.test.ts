import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AccessRules, checkAccess } from '../../../src/monitor/http/access.ts';
import { Refusal } from '../../../src/monitor/http/page.ts';

const rules: AccessRules = { token: undefined, allowedHosts: ['metrics.shop.example'], hostName: 'Web1.lan' };

/** The status of the refusal; 200 where there is none. */
function statusOf(headers: Record<string, string>, method = 'GET', more: Partial<AccessRules> = {}): number {
  try {
    checkAccess(headers, method, { ...rules, ...more });
    return 200;
  } catch (error) {
    assert.ok(error instanceof Refusal);
    return error.status;
  }
}

test('M5 a host name that somebody else may own is refused: it may have been made to lead here', () => {
  const refused = [
    'evil.example.com',
    'evil.example.com:9464',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'web1.lan.evil.example',
    'shop.example',
    '',
    ':9464',
    '[evil]:1',
    'a:b:c',
  ];
  for (const host of refused) assert.equal(statusOf({ host }), 403, host);
  const allowed = [
    'localhost',
    'localhost:9464',
    'LOCALHOST.:9464',
    'app.localhost',
    '127.0.0.1:9464',
    '10.1.2.3',
    '[::1]:9464',
    '[fe80::1]',
    'web1.lan:9464',
    'WEB1',
    'metrics.shop.example:443',
    'metrics.shop.example.',
  ];
  for (const host of allowed) assert.equal(statusOf({ host }), 200, host);
  assert.equal(statusOf({}), 200, 'HTTP/1.0, which no browser speaks');
  assert.equal(statusOf({ host: 'any.thing' }, 'GET', { allowedHosts: ['*'] }), 200);
});

test('M5 what a browser sends for a page of another origin is refused, its own pages and other clients are not', () => {
  const host = 'localhost:9464';
  const rows: readonly (readonly [headers: Record<string, string>, method: string, status: number])[] = [
    [{ 'sec-fetch-site': 'cross-site' }, 'GET', 403],
    [{ 'sec-fetch-site': 'same-site' }, 'GET', 403],
    [{ 'sec-fetch-site': 'same-origin' }, 'GET', 200],
    [{ 'sec-fetch-site': 'none' }, 'GET', 200],
    [{ 'sec-fetch-site': 'none' }, 'POST', 403],
    [{ 'sec-fetch-site': 'new-kind' }, 'GET', 403],
    [{ 'sec-fetch-site': 'same-origin', origin: 'http://localhost:9464' }, 'POST', 200],
    [{ origin: 'http://localhost:9464' }, 'POST', 200],
    [{ origin: 'https://localhost:9464' }, 'GET', 200],
    [{ origin: 'http://localhost:3000' }, 'POST', 403],
    [{ origin: 'http://evil.example' }, 'GET', 403],
    [{ origin: 'null' }, 'POST', 403],
    [{ origin: '' }, 'POST', 403],
    [{}, 'POST', 200],
  ];
  for (const [headers, method, status] of rows)
    assert.equal(statusOf({ host, ...headers }, method), status, `${method} ${JSON.stringify(headers)}`);
});

test('M5 the token is asked for after host and origin, so that a wrong host learns nothing of it', () => {
  const token = 'tok';
  assert.equal(statusOf({ host: 'evil.example', authorization: 'Bearer tok' }, 'GET', { token }), 403);
  assert.equal(statusOf({ host: 'localhost' }, 'GET', { token }), 401);
  assert.equal(statusOf({ host: 'localhost', authorization: 'Bearer tok' }, 'GET', { token }), 200);
});
