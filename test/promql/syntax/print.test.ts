import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, print } from '../../../src/promql/index.ts';

// As `/api/v1/format_query` of Prometheus 3.16 answers.
const cases: readonly (readonly [string, string])[] = [
  ['x[25h]', 'x[1d1h]'],
  ['x[8d]', 'x[8d]'],
  ['x[7d]', 'x[1w]'],
  ['x[36h5m]', 'x[1d12h5m]'],
];

for (const [written, printed] of cases) {
  test(`a range of ${written} prints as ${printed}`, () => {
    assert.equal(print(parse(written)), printed);
  });
}
