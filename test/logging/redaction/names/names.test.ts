import assert from 'node:assert/strict';
import test from 'node:test';
import { addNames, NameClass, nameClass } from '../../../../src/logging/redaction/names/names.ts';

const isSecret = (key: string): boolean => nameClass(key) >= NameClass.hint;

test('names of secrets are known in any spelling and as last part of a path', () => {
  const secrets = [
    'password',
    'Password',
    'PASSWORD',
    'db_password',
    'user.password',
    'accessToken',
    'access-token',
    'x-api-key',
    'apiKey',
    'client_secret',
    'Set-Cookie',
    'http.request.header.authorization',
    'sid',
    'pin',
    'personal_identity_number',
    'personnummer',
    'card-number',
  ];
  for (const key of secrets) assert.ok(isSecret(key), key);
});

test('other names are not', () => {
  const others = ['user', 'input_tokens', 'pinned', 'side', 'key', 'password_changed_at', 'session_count'];
  for (const key of others) assert.ok(!isSecret(key), key);
});

test('names from the settings are added', () => {
  addNames(['Customer-Name']);
  assert.ok(isSecret('customer_name'));
  assert.ok(isSecret('order.customerName'));
  assert.ok(!isSecret('customer'));
});

test('R names in other languages and with a number, a qualifier or a path around them are known', () => {
  for (const key of [
    'lösenord',
    'lo\u0308senord',
    'contraseña',
    'mot de passe',
    'Passwort',
    '密码',
    'password2',
    'password_confirmation',
    'privateKeyPem',
    'user[password]',
    'DB_PASS',
    'connect.sid',
  ])
    assert.ok(isSecret(key), key);
});

test('a name is remembered without the text that it was cut from, and a long one is judged by its end', () => {
  assert.ok(isSecret(`${'x'.repeat(10_000)}_password`));
  assert.ok(!isSecret(`password_${'x'.repeat(10_000)}`));
});
