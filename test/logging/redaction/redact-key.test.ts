import assert from 'node:assert/strict';
import test from 'node:test';
import { createKeyRedaction } from '../../../src/logging/redaction/redact-key.ts';

test('names of secrets are known in any spelling and as last part of a path', () => {
  const isSecret = createKeyRedaction([]);
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
  const isSecret = createKeyRedaction([]);
  const others = [
    'user',
    'tokens',
    'input_tokens',
    'pinned',
    'side',
    'key',
    'password_changed_at',
    'session_count',
  ];
  for (const key of others) assert.ok(!isSecret(key), key);
});

test('names from the settings are added', () => {
  const isSecret = createKeyRedaction(['Customer-Name']);
  assert.ok(isSecret('customer_name'));
  assert.ok(isSecret('order.customerName'));
  assert.ok(!isSecret('customer'));
});
