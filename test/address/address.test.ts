import assert from 'node:assert/strict';
import { test } from 'node:test';
import { below, parseAddress } from '../../src/address/address.ts';
import { maskedAddress, withoutCredentials } from '../../src/address/masked.ts';

const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`;

test('an address is taken apart into what is asked, its credentials, and what is shown', () => {
  assert.deepEqual(parseAddress('https://us%40er:pa%3Ass@h.example.org:8443/x?token=abc&page=2#part'), {
    url: 'https://h.example.org:8443/x?token=abc&page=2#part',
    authorization: basic('us@er:pa:ss'),
    shown: 'https://[REDACTED]@h.example.org:8443/x?token=[REDACTED]&page=[REDACTED]',
  });
  assert.deepEqual(parseAddress('http://h/'), {
    url: 'http://h/',
    authorization: undefined,
    shown: 'http://h/',
  });
});

test('M6 a percent sign in a password ends the monitor', () => {
  for (const [typed, login] of [
    ['user:50%off', 'user:50%off'],
    ['user:%', 'user:%'],
    ['user:%ff%zz', 'user:%ff%zz'],
    ['100%:a%40b%', '100%:a@b%'],
    ['user:%E2%82%AC%E2', 'user:%E2%82%AC%E2'],
  ] as const) {
    assert.equal(parseAddress(`http://${typed}@h/`)?.authorization, basic(login), typed);
  }
});

test('a user without a password and a password without a user are credentials', () => {
  assert.equal(parseAddress('http://user@h/')?.authorization, basic('user:'));
  assert.equal(parseAddress('http://:pw@h/')?.authorization, basic(':pw'));
});

test('what is no address with http: or https: is none', () => {
  for (const text of ['', 'h:9464', 'ftp://h/', 'file:///etc/passwd', 'http://', 'javascript:1']) {
    assert.equal(parseAddress(text), undefined, text);
  }
});

test('a path goes below that of the address, before its query', () => {
  const address = parseAddress('http://u:p@h/mimir/?tenant=a');
  assert.ok(address);
  assert.deepEqual(below(address, '/api/v1/query'), {
    url: 'http://h/mimir/api/v1/query?tenant=a',
    authorization: basic('u:p'),
    shown: 'http://[REDACTED]@h/mimir/api/v1/query?tenant=[REDACTED]',
  });
});

test('credentials and values of queries are masked wherever an address is shown', () => {
  for (const [text, shown] of [
    ['http://user:pass@host/x', 'http://[REDACTED]@host/x'],
    ['ask http://a:b@c@host, please', 'ask http://[REDACTED]@host, please'],
    ['(see http://host/?key=abc).', '(see http://host/?key=[REDACTED]).'],
    ['http://host/hook?abcdef', 'http://host/hook?[REDACTED]'],
    [
      'GET /api/v1/query?token=abc&page=2 failed',
      'GET /api/v1/query?token=[REDACTED]&page=[REDACTED] failed',
    ],
    ['http://h/?token=YWJj==', 'http://h/?token=[REDACTED]'],
    ['"http://h/?a=1"', '"http://h/?a=[REDACTED]"'],
    [
      'cannot read /srv/http:/r:PASS@127.0.0.1/rules.yml',
      'cannot read /srv/http:/[REDACTED]@127.0.0.1/rules.yml',
    ],
    ['http://a/?x=1,http://u:p@b/?y=2', 'http://a/?x=[REDACTED]'],
  ]) {
    assert.equal(withoutCredentials(text as string), shown);
  }
});

test('text without an address stays', () => {
  for (const text of [
    'what? why',
    'is it on?yes',
    'a@b.se',
    'sum by (a) (x{b="c"})',
    '// ops@x.se',
    '',
    '?',
  ]) {
    assert.equal(withoutCredentials(text), text);
  }
});

test('S6 the settings between an address and the next @ are eaten in the first record of the own log', () => {
  const record =
    '{"OTEL_EXPORTER_OTLP_ENDPOINT":"http://127.0.0.1:4318","SMTP_PORT":25,"SMTP_FROM":"ops@x.se"}';
  assert.equal(withoutCredentials(record), record);
});

test('of a malformed address nothing before the last @ is shown', () => {
  assert.equal(maskedAddress('http://user:pa/ss@host:x/'), '[REDACTED]@host:x/');
  assert.equal(maskedAddress('http://user:pass@host/?k=v'), 'http://[REDACTED]@host/?k=[REDACTED]');
  assert.equal(maskedAddress('user:pass@host:4318'), '[REDACTED]@host:4318');
  assert.equal(maskedAddress('nonsense'), 'nonsense');
});
