import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import type { MetricRow } from '../../src/metrics/catalogue.ts';
import { documentedMetrics } from '../../src/metrics/catalogue/documented.ts';
import { collectedMetrics } from '../helpers/collected-metrics.ts';

const BAD_AMOUNTS = [Number.NaN, -1, -0.001, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

test('an AI request is counted, timed and its tokens added up by kind', async () => {
  const { recorder, points } = collectedMetrics();
  const request = {
    model: 'm',
    status: 'success',
    durationSeconds: 1.5,
    inputTokens: 10,
    outputTokens: 4,
  } as const;
  recorder.aiRequest(request);
  recorder.aiRequest(request);
  recorder.aiRequest({ model: 'm', status: 'cancelled', durationSeconds: 0.1 });
  assert.deepEqual(await points('ai_requests_total'), {
    'model=m,status=success': 2,
    'model=m,status=cancelled': 1,
  });
  assert.deepEqual(await points('ai_request_duration_seconds'), { 'model=m': 3 });
  assert.deepEqual(await points('ai_tokens_total'), { 'model=m,type=input': 20, 'model=m,type=output': 8 });
});

test('tokens that were not reported leave no series', async () => {
  const { recorder, points } = collectedMetrics();
  recorder.aiRequest({ model: 'm', status: 'error', durationSeconds: 1, inputTokens: undefined });
  assert.deepEqual(await points('ai_tokens_total'), {});
});

test('numbers that would spoil a sum are left out, what they belong to is counted', async () => {
  const { recorder, read, points } = collectedMetrics();
  for (const bad of BAD_AMOUNTS) {
    recorder.aiRequest({
      model: 'm',
      status: 'success',
      durationSeconds: bad,
      inputTokens: bad,
      outputTokens: bad,
    });
    recorder.query('app', 'SELECT', bad);
    recorder.connections('app', bad);
  }
  recorder.query('app', 'SELECT', '1' as unknown as number);
  recorder.query('app', 'SELECT', undefined as unknown as number);
  assert.deepEqual((await read()).map(({ descriptor }) => descriptor.name).toSorted(), [
    'ai_requests_total',
    'db_queries_total',
  ]);
  assert.deepEqual(await points('db_queries_total'), { 'database=app,type=SELECT': 7 });
});

test('nothing is a number too: zero is recorded', async () => {
  const { recorder, points } = collectedMetrics();
  recorder.aiRequest({ model: 'm', status: 'success', durationSeconds: 0, inputTokens: 0 });
  assert.deepEqual(await points('ai_request_duration_seconds'), { 'model=m': 1 });
  assert.deepEqual(await points('ai_tokens_total'), { 'model=m,type=input': 0 });
});

test('a query has the type of its statement, whatever form it is given in', async () => {
  const { recorder, points } = collectedMetrics();
  recorder.query('app', 'SELECT', 0.1);
  recorder.query('app', 'select * from users where id = 7', 0.1);
  recorder.query('redis/0', 'GET', 0.1);
  recorder.query('app', 'gibberish', 0.1);
  assert.deepEqual(await points('db_queries_total'), {
    'database=app,type=SELECT': 2,
    'database=redis/0,type=GET': 1,
    'database=app,type=OTHER': 1,
  });
});

test('connections show the number that was set last, per database', async () => {
  const { recorder, points } = collectedMetrics();
  recorder.connections('app', 5);
  recorder.connections('other', 1);
  recorder.connections('app', 3);
  assert.deepEqual(await points('db_connections'), { 'database=app': 3, 'database=other': 1 });
  recorder.connections('app', 0);
  assert.deepEqual(await points('db_connections'), { 'database=app': 0, 'database=other': 1 });
});

test('each label has its own limit, and it holds over all its instruments', async () => {
  const { recorder, points } = collectedMetrics(1);
  recorder.aiRequest({ model: 'a', status: 'success', durationSeconds: 1, inputTokens: 1 });
  recorder.aiRequest({ model: 'b', status: 'success', durationSeconds: 1, inputTokens: 2 });
  recorder.aiRequest({ model: 'c', status: 'success', durationSeconds: 1, inputTokens: 3 });
  recorder.query('app', 'SELECT', 1);
  recorder.connections('other', 2);
  recorder.logRecord('api', 'INFO');
  recorder.logRecord('ai', 'INFO');
  recorder.securityEvent('login_failed');
  recorder.securityEvent('anything');
  assert.deepEqual(await points('ai_tokens_total'), {
    'model=a,type=input': 1,
    'model=__overflow__,type=input': 5,
  });
  assert.deepEqual(await points('db_queries_total'), { 'database=app,type=SELECT': 1 });
  assert.deepEqual(await points('db_connections'), { 'database=__overflow__': 2 });
  assert.deepEqual(await points('log_records_total'), {
    'application=api,level=INFO': 1,
    'application=__overflow__,level=INFO': 1,
  });
  assert.deepEqual(await points('security_events_total'), {
    'event=login_failed': 1,
    'event=__overflow__': 1,
  });
});

const TYPE_OF_KIND: Readonly<Record<string, DataPointType>> = {
  counter: DataPointType.SUM,
  updown: DataPointType.SUM,
  histogram: DataPointType.HISTOGRAM,
};

function checkInstrument(row: MetricRow, metric: MetricData): void {
  const { name, help, kind, unit, labels, boundaries } = row;
  assert.equal(metric.descriptor.description, help, name);
  assert.equal(metric.descriptor.unit, unit, name);
  assert.equal(metric.dataPointType, TYPE_OF_KIND[kind], name);
  if (metric.dataPointType === DataPointType.SUM) assert.equal(metric.isMonotonic, kind === 'counter', name);
  for (const { attributes, value } of metric.dataPoints) {
    assert.deepEqual(Object.keys(attributes), labels, name);
    if (typeof value !== 'number' && 'buckets' in value)
      assert.deepEqual(value.buckets.boundaries, boundaries, name);
  }
}

test('every instrument matches its row in the catalogue', async () => {
  const { recorder, instruments, read } = collectedMetrics();
  instruments.httpRequests.add(1, { method: 'GET', endpoint: '/', status: '200' });
  instruments.httpDuration.record(0.1, { method: 'GET', endpoint: '/' });
  recorder.aiRequest({ model: 'm', status: 'success', durationSeconds: 1, inputTokens: 1 });
  recorder.query('app', 'SELECT', 0.1);
  recorder.connections('app', 1);
  recorder.logRecord('api', 'INFO');
  recorder.securityEvent('login_failed');
  const metrics = new Map((await read()).map((metric) => [metric.descriptor.name, metric]));
  for (const row of Object.values(documentedMetrics).filter(({ kind }) => kind !== 'gauge')) {
    const metric = metrics.get(row.name);
    assert.ok(metric, row.name);
    checkInstrument(row, metric);
    metrics.delete(row.name);
  }
  assert.deepEqual([...metrics.keys()], []);
});
