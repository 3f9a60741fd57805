import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AIMetricsCollector,
  DatabaseMetricsCollector,
  SystemMetricsCollector,
} from '../../src/metrics/collectors.ts';
import { provideMetrics } from '../../src/metrics/current-recorder.ts';
import { type CollectedMetrics, collectedMetrics } from '../helpers/collected-metrics.ts';

function provided(): CollectedMetrics & { readonly samples: () => number } {
  const collected = collectedMetrics();
  let samples = 0;
  provideMetrics(() => ({ recorder: collected.recorder, sampleHost: () => (samples += 1) }));
  return { ...collected, samples: () => samples };
}

test('the documented three values of an AI call are enough', async () => {
  const { points } = provided();
  new AIMetricsCollector().collect('gpt-4', 1.2, 150);
  assert.deepEqual(await points('ai_requests_total'), { 'model=gpt-4,status=success': 1 });
  assert.deepEqual(await points('ai_tokens_total'), { 'model=gpt-4,type=input': 150 });
});

test('what else is known of an AI call comes beside them', async () => {
  const { points } = provided();
  new AIMetricsCollector().collect('gpt-4', 1.2, 150, { status: 'error', outputTokens: 20 });
  assert.deepEqual(await points('ai_requests_total'), { 'model=gpt-4,status=error': 1 });
  assert.deepEqual(await points('ai_tokens_total'), {
    'model=gpt-4,type=input': 150,
    'model=gpt-4,type=output': 20,
  });
});

test('queries and connections of a database', async () => {
  const { points } = provided();
  const database = new DatabaseMetricsCollector();
  database.collect('app', 'insert into t values (1)', 0.02);
  database.connections('app', 4);
  assert.deepEqual(await points('db_queries_total'), { 'database=app,type=INSERT': 1 });
  assert.deepEqual(await points('db_query_duration_seconds'), { 'database=app,type=INSERT': 1 });
  assert.deepEqual(await points('db_connections'), { 'database=app': 4 });
});

test('a status that is none of the three counts as an error, so that the label stays bounded', async () => {
  const { points } = provided();
  const ai = new AIMetricsCollector();
  for (const status of ['cancelled', 'timeout', 'x'.repeat(1000), null, 5])
    ai.collect('m', 1, 1, { status: status as 'error' });
  assert.deepEqual(await points('ai_requests_total'), {
    'model=m,status=cancelled': 1,
    'model=m,status=error': 4,
  });
});

test('a sample of the host is asked for', () => {
  const { samples } = provided();
  new SystemMetricsCollector().collect();
  assert.equal(samples(), 1);
});

test('wrong arguments never throw at the caller', async () => {
  const { points } = provided();
  const ai: { collect: (...args: never[]) => void } = new AIMetricsCollector();
  const database: Record<'collect' | 'connections', (...args: never[]) => void> =
    new DatabaseMetricsCollector();
  const hostile = {
    toString(): string {
      throw new Error('no text');
    },
  };
  for (const value of [undefined, null, {}, [], Symbol('x'), hostile, 'NaN', 1n] as never[]) {
    assert.doesNotThrow(() => ai.collect(value, value, value));
    assert.doesNotThrow(() => ai.collect('m' as never, 1 as never, 1 as never, value));
    assert.doesNotThrow(() => database.collect(value, value, value));
    assert.doesNotThrow(() => database.connections(value, value));
  }
  const requests = await points('ai_requests_total');
  assert.equal(requests['model=m,status=success'], 8);
  assert.equal(requests['model=unknown,status=success'], 1);
});

test('where monitoring is off the explicit API does nothing', () => {
  provideMetrics(() => undefined);
  assert.doesNotThrow(() => new AIMetricsCollector().collect('m', 1, 1));
  assert.doesNotThrow(() => new DatabaseMetricsCollector().collect('app', 'SELECT', 1));
  assert.doesNotThrow(() => new SystemMetricsCollector().collect());
});
