import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRedactedJson } from '../../src/logging/redaction/redacted-json.ts';
import { redactText } from '../../src/logging/redaction/redact-text.ts';
import { cpuMs, median } from '../helpers/cpu-ms.ts';
import { harmlessRows, secretRows } from '../logging/redaction/corpus/corpus.ts';
import { redactTextBefore } from './first-redaction.ts';

const logged = [...secretRows(), ...harmlessRows()].map((row) => row.logged);
const texts = logged.flatMap((one) => ('text' in one ? [one.text] : []));
const extras = logged.flatMap((one) => ('extras' in one ? [one.extras] : []));
const json = createRedactedJson(redactText);
const jsonBefore = createRedactedJson(redactTextBefore);
const ROUNDS = 30;

/** The median of ratios of CPU, the two in alternating order. */
function ratio(now: () => void, before: () => void): number {
  const many = (work: () => void): number =>
    cpuMs(() => {
      for (let round = 0; round < ROUNDS; round++) work();
    });
  many(now);
  many(before);
  return median(
    Array.from({ length: 11 }, (_, at) => {
      const first = at % 2 === 0 ? many(now) : 0;
      const other = many(before);
      return (first === 0 ? many(now) : first) / other;
    }),
  );
}

const each = (redact: (text: string) => string) => (): void => {
  for (const text of texts) redact(text);
};

test('redaction of the corpus takes at most 1.3 times the CPU of the patterns of version 0.1', (t) => {
  const all = ratio(
    () => {
      each(redactText)();
      for (const one of extras) json.attributes(one);
    },
    () => {
      each(redactTextBefore)();
      for (const one of extras) jsonBefore.attributes(one);
    },
  );
  t.diagnostic(`texts and extras: ${all.toFixed(2)}`);
  assert.ok(all <= 1.3, all.toFixed(2));
});

test('redaction of the texts alone, and of the harmless ones among them', (t) => {
  const harmless = harmlessRows().flatMap((row) => ('text' in row.logged ? [row.logged.text] : []));
  const onTexts = ratio(each(redactText), each(redactTextBefore));
  const onHarmless = ratio(
    () => {
      for (const text of harmless) redactText(text);
    },
    () => {
      for (const text of harmless) redactTextBefore(text);
    },
  );
  t.diagnostic(`texts: ${onTexts.toFixed(2)}, harmless texts: ${onHarmless.toFixed(2)}`);
  assert.ok(onTexts <= 1.3 && onHarmless <= 1.5, `${onTexts.toFixed(2)}, ${onHarmless.toFixed(2)}`);
});
