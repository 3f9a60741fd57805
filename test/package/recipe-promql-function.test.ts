import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SourceCopy } from '../helpers/source-copy.ts';

const signatures = 'src/promql/syntax/signatures.ts';
const family = 'src/promql/functions/math.ts';

const addSignature = (copy: SourceCopy): void =>
  copy.insertAfter(
    signatures,
    "  sqrt: { args: ['vector'], returns: 'vector' },",
    "  cbrt: { args: ['vector'], returns: 'vector' },",
  );

const addCode = (copy: SourceCopy): void =>
  copy.insertAfter(family, '  sqrt: perSample(Math.sqrt),', '  cbrt: perSample(Math.cbrt),');

test('a PromQL function is a row of types and a row of code: it compiles, parses and is evaluated', () => {
  const copy = new SourceCopy();
  addSignature(copy);
  addCode(copy);
  assert.equal(copy.compile(), '');
  const printed = copy.run(`
    import { evaluateInstant, parse, print } from './src/promql/index.ts';
    const expr = parse('cbrt(vector(27)) + 1');
    const empty = { select: () => [] };
    const { value } = evaluateInstant(expr, empty, 0);
    console.log(print(expr), value.samples[0].value);
    try {
      parse('cbrt("a")');
    } catch (error) {
      console.log(String(error));
    }
  `);
  assert.equal(
    printed,
    'cbrt(vector(27)) + 1 4\n' +
      '1:6: parse error: expected type instant vector in call to function "cbrt", got string\n',
  );
});

test('the compiler reports a signature without code, by its name', () => {
  const copy = new SourceCopy();
  addSignature(copy);
  assert.match(copy.compile(), /functions\/table\.ts.*'cbrt' is missing/);
});

test('the compiler reports code without a signature, by its name', () => {
  const copy = new SourceCopy();
  addCode(copy);
  assert.match(copy.compile(), /functions\/math\.ts.*'cbrt' does not exist/);
});

test('the compiler reports code that does not fit its signature', () => {
  const copy = new SourceCopy();
  copy.insertAfter(
    signatures,
    "  sqrt: { args: ['vector'], returns: 'vector' },",
    "  cbrt: { args: ['scalar'], returns: 'scalar' },",
  );
  addCode(copy);
  assert.match(copy.compile(), /functions\/math\.ts.*PerSampleFunction/);
});
