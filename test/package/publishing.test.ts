import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressFields, isPlaceholder, pageOf } from '../../scripts/published/address.ts';
import { auditReport } from '../../scripts/published/audit-report.ts';
import { refused, SHIPPED } from '../../scripts/published/licences.ts';

test('repository, bugs and homepage follow one address, however it is written', () => {
  for (const address of [
    'https://git.example/a/b',
    'https://git.example/a/b/',
    'https://git.example/a/b.git',
  ]) {
    const fields = addressFields(address);
    assert.deepEqual(fields, {
      homepage: 'https://git.example/a/b#readme',
      bugs: { url: 'https://git.example/a/b/issues' },
      repository: { type: 'git', url: 'git+https://git.example/a/b.git' },
    });
    assert.equal(pageOf(fields), 'https://git.example/a/b');
  }
  assert.equal(isPlaceholder('https://repository.invalid/a/b'), true);
  assert.equal(isPlaceholder('https://git.example/a/b'), false);
});

test('a licence is allowed by one side of an OR and by both of an AND; a missing one is refused', () => {
  const packages = {
    '': {},
    'node_modules/a': { license: '(MIT OR GPL-3.0-only)' },
    'node_modules/b': { license: 'MIT AND GPL-3.0-only' },
    'node_modules/c': { license: 'GPL-3.0-only' },
    'node_modules/d': {},
    'node_modules/other-platform': { optional: true },
    'node_modules/e': { license: 'Apache-2.0', optional: true },
    'node_modules/f': { license: 'GPL-3.0-only', optional: true },
  };
  assert.deepEqual(refused({ packages }, SHIPPED), [
    'node_modules/b: MIT AND GPL-3.0-only',
    'node_modules/c: GPL-3.0-only',
    'node_modules/d: no licence named',
    'node_modules/f: GPL-3.0-only',
  ]);
});

test('an audit that the registry does not answer is not clean', () => {
  const refusedPost = { message: '405 Method Not Allowed', error: { summary: '', detail: '' } };
  assert.deepEqual(auditReport(JSON.stringify(refusedPost)), {
    kind: 'unanswered',
    reason: '405 Method Not Allowed',
  });
  assert.equal(auditReport('npm error network').kind, 'unanswered');
  assert.equal(auditReport('').kind, 'unanswered');
});

test('known vulnerabilities are listed with their sources, none is clean', () => {
  const metadata = { dependencies: { total: 16 } };
  assert.deepEqual(auditReport(JSON.stringify({ vulnerabilities: {}, metadata })), {
    kind: 'clean',
    packages: 16,
  });
  const via = [{ title: 'Slow', url: 'https://advisory.example/1' }, 'other'];
  const vulnerabilities = { nodemailer: { severity: 'high', range: '<11', via } };
  assert.deepEqual(auditReport(JSON.stringify({ vulnerabilities, metadata })), {
    kind: 'vulnerable',
    advisories: ['nodemailer <11 (high): Slow https://advisory.example/1; other'],
  });
});
