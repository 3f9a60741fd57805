import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queriesOfPage, type Language } from '../helpers/dashboards/fenced.ts';
import { namesInLogql } from '../helpers/dashboards/logql.ts';
import { undocumented } from '../helpers/dashboards/promql.ts';
import { fieldsInLoki } from '../helpers/dashboards/record-fields.ts';

const queries = queriesOfPage();
const of = (language: Language): readonly { readonly where: string; readonly query: string }[] =>
  queries
    .filter((one) => one.language === language)
    .map(({ question, query }) => ({ where: `${question}: ${query}`, query }));

test('every LogQL query of the page parses and names only labels and fields that records have in Loki', async () => {
  const { labels, fields } = await fieldsInLoki();
  assert.ok(of('logql').length >= 10);
  for (const { where, query } of of('logql')) {
    const names = namesInLogql(query);
    assert.ok(names.selects, where);
    for (const name of names.labels) assert.ok(labels.has(name), `${where}: ${name} is no label in Loki`);
    for (const name of names.fields) assert.ok(fields.has(name), `${where}: no field ${name}`);
  }
});

test('every PromQL query of the page parses and names documented metrics and labels only', () => {
  assert.ok(of('promql').length >= 20);
  for (const { where, query } of of('promql')) assert.deepEqual(undocumented(query), [], where);
});

test('a question about logs is answered for both databases wherever both can', () => {
  const byQuestion = Map.groupBy(
    queries.filter(({ language }) => language !== 'promql'),
    ({ question }) => question,
  );
  const onlyVictoriaLogs = [...byQuestion]
    .filter(([, list]) => list.every(({ language }) => language === 'logsql'))
    .map(([question]) => question);
  assert.deepEqual(onlyVictoriaLogs, [
    '### What was logged just before an error?',
    '### Has every record arrived exactly once?',
  ]);
  for (const [question, list] of byQuestion) {
    assert.ok(
      list.some(({ language }) => language === 'logsql'),
      question,
    );
  }
});

test('the checks find errors: invalid LogQL, an unknown label, an unknown metric, a foreign grouping', async () => {
  assert.throws(() => namesInLogql('{service_name="shop"} |='), /^SyntaxError: .*⟨here⟩/);
  assert.ok(!namesInLogql('{service_name=~".*"} |= "order"').selects);
  const { labels, fields } = await fieldsInLoki();
  assert.ok(!labels.has('severity_text') && fields.has('severity_text'));
  assert.ok(!fields.has('nothing_of_ours'));
  assert.deepEqual(undocumented('sum by (pod) (rate(http_requests_total{code="200"}[5m])) + requests'), [
    'http_requests_total has no label code',
    'no metric requests',
    'no label pod',
  ]);
});
