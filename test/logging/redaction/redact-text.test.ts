import assert from 'node:assert/strict';
import test from 'node:test';
import { redactText } from '../../../src/logging/redaction/redact-text.ts';

const HIDDEN: readonly [what: string, text: string, shown: string][] = [
  ['a bearer token', 'Authorization: Bearer abc.DEF-123', 'Authorization: Bearer [REDACTED]'],
  ['basic credentials', 'basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==', 'basic [REDACTED]'],
  ['a JSON web token', 'got eyJhbGciOiJIUzI1.eyJzdWIiOiIx.c2ln done', 'got [REDACTED] done'],
  [
    'a private key',
    'k -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- x',
    'k [REDACTED] x',
  ],
  ['a private key that is cut off', '-----BEGIN PRIVATE KEY-----\nMIIEvg', '[REDACTED]'],
  ['an AWS key', 'id AKIAIOSFODNN7EXAMPLE.', 'id [REDACTED].'],
  ['a GitHub token', `ghp_${'a1'.repeat(18)}`, '[REDACTED]'],
  ['an OpenAI key', 'key sk-proj-abcdefghijklmnopqrst', 'key [REDACTED]'],
  ['a password in an address', 'postgres://app:s3cr3t@db:5432/app', 'postgres://[REDACTED]@db:5432/app'],
  ['a token in a query', 'GET /a?token=abc&page=2', 'GET /a?token=[REDACTED]&page=2'],
  ['a code in a query', '/cb?state=1&code=4%2F0A', '/cb?state=1&code=[REDACTED]'],
  ['a pair in a text', 'login password=hunter2 user=bo', 'login password=[REDACTED] user=bo'],
  ['JSON in a text', 'body {"user":"bo","password":"hunter2"}', 'body {"user":"bo","password":"[REDACTED]"}'],
  ['a card number', 'paid with 4111 1111 1111 1111.', 'paid with [REDACTED].'],
  ['a card number without spaces', 'card 5555555555554444', 'card [REDACTED]'],
  ['an American Express card', 'card 3782 822463 10005', 'card [REDACTED]'],
  ['a personnummer', 'customer 811228-9874', 'customer [REDACTED]'],
  ['a personnummer with century', '198112289874 moved', '[REDACTED] moved'],
  ['a samordningsnummer', '701063-2391', '[REDACTED]'],
];

for (const [what, text, shown] of HIDDEN) {
  test(`${what} is redacted`, () => assert.equal(redactText(text), shown));
}

const KEPT: readonly [what: string, text: string][] = [
  ['ordinary text', 'order 17 placed for customer 4711 in 12 ms'],
  ['a time in milliseconds', 'at 1732424400123 and 1732424400'],
  ['a number that fails the check digit', 'customer 811228-9875'],
  ['a card-like number that fails the check digit', 'ref 4111 1111 1111 1112'],
  ['an address without credentials', 'GET https://shop.example/items/1?page=2#top'],
  ['an error code', 'failed with code=ECONNREFUSED key=primary'],
  ['words about credentials', 'Bearer token missing, basic plan, password: required'],
  ['a long decimal', '0.811228987412345'],
  ['a uuid', '3f2b8112-2898-4744-8a11-228987411111'],
];

for (const [what, text] of KEPT) {
  test(`${what} is kept`, () => assert.equal(redactText(text), text));
}

test('what was redacted once stays as it is', () => {
  for (const [, text] of HIDDEN) assert.equal(redactText(redactText(text)), redactText(text));
});
