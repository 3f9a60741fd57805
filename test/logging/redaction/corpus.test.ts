import assert from 'node:assert/strict';
import test from 'node:test';
import { harmlessRows, secondHarmlessRows, secondSecretRows, secretRows } from './corpus/corpus.ts';
import { leaks, touched, written } from './corpus/measure.ts';

const secrets = secretRows();
const harmless = harmlessRows();
const percent = (part: number, whole: number): number => (100 * part) / whole;

test('R the corpus is large enough to mean something', () => {
  assert.ok(secrets.length >= 300 && harmless.length >= 300, `${secrets.length}, ${harmless.length}`);
  for (const { logged, secrets: hidden } of secrets) {
    assert.ok(hidden.length > 0 && hidden.every((secret) => secret.length > 2));
    const before = 'text' in logged ? logged.text : JSON.stringify(logged.extras);
    assert.ok(
      hidden.some(
        (secret) => before.includes(secret) || before.includes(JSON.stringify(secret).slice(1, -1)),
      ),
      before,
    );
  }
});

test('R at least 98 % of the secrets are redacted', (t) => {
  const seen = leaks(secrets);
  const recall = 100 - percent(seen.length, secrets.length);
  t.diagnostic(`recall ${recall.toFixed(2)} % of ${secrets.length}`);
  assert.ok(
    recall >= 98,
    seen.map(({ kind, what, logged }) => `${kind}: ${what}: ${written(logged)}`).join('\n'),
  );
});

test('R at most 1 % of the harmless texts and extras are touched', (t) => {
  const cut = touched(harmless);
  t.diagnostic(`touched ${percent(cut.length, harmless.length).toFixed(2)} % of ${harmless.length}`);
  assert.ok(
    percent(cut.length, harmless.length) <= 1,
    cut.map(({ kind, logged }) => `${kind}: ${written(logged)}`).join('\n'),
  );
});

test('R no kind of secret is left out: 9 of 10 of each are redacted', () => {
  for (const [kind, rows = []] of Object.entries(Object.groupBy(secrets, (row) => row.kind))) {
    assert.ok(percent(leaks(rows).length, rows.length) <= 10, kind);
  }
});

test('R a second corpus, made to find what the tables miss: at least 97 % redacted, at most 1 % touched', (t) => {
  const [hidden, plain] = [secondSecretRows(), secondHarmlessRows()];
  const [seen, cut] = [leaks(hidden), touched(plain)];
  t.diagnostic(`recall ${(100 - percent(seen.length, hidden.length)).toFixed(2)} % of ${hidden.length}`);
  t.diagnostic(`touched ${percent(cut.length, plain.length).toFixed(2)} % of ${plain.length}`);
  assert.ok(percent(seen.length, hidden.length) <= 3, seen.map(({ what }) => what).join('\n'));
  assert.ok(percent(cut.length, plain.length) <= 1, cut.map(({ logged }) => written(logged)).join('\n'));
});
