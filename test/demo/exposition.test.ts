import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertsIn, documentedCount, documentedIn, readSamples, total } from '../../demo/exposition.ts';

const page = String.raw`# HELP http_requests_total Total HTTP requests
# TYPE http_requests_total counter
http_requests_total{method="GET",endpoint="/a",status="200"} 3
http_requests_total{method="GET",endpoint="/a, {b=\"c\"}",status="500"} 2
http_request_duration_seconds_bucket{method="GET",endpoint="/a",le="+Inf"} 3
system_cpu_usage 12.5
ai_requests_total{model="m",status="success",otel_scope_name="x"} 1
ALERTS{alertname="Broken",alertstate="firing",severity="critical"} 1
`;

test('samples are read with their labels, escapes included', () => {
  const samples = readSamples(page);
  assert.equal(samples.length, 6);
  assert.deepEqual(samples[1], {
    name: 'http_requests_total',
    labels: { method: 'GET', endpoint: String.raw`/a, {b=\"c\"}`, status: '500' },
    value: 2,
  });
  assert.equal(total(samples, 'http_requests_total'), 5);
});

test('a documented metric counts only with exactly its labels, and a histogram by its buckets', () => {
  assert.deepEqual(documentedIn(readSamples(page)), [
    'http_requests_total',
    'http_request_duration_seconds',
    'system_cpu_usage',
  ]);
  assert.equal(documentedCount, 11);
});

test('alerts are read with their states', () => {
  assert.deepEqual([...alertsIn(readSamples(page))], [['Broken', 'firing']]);
});
