import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startCollector } from '../../demo/collector.ts';

const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [{}, {}] }, { logRecords: [{}] }] }] };
const metrics = {
  resourceMetrics: [
    { scopeMetrics: [{ metrics: [{ sum: { dataPoints: [{}] } }, { histogram: { dataPoints: [{}, {}] } }] }] },
  ],
};

test('log records and metric points are counted, gzipped or not, and anything else is refused', async (t) => {
  const collector = await startCollector();
  t.after(async () => collector.close());
  const post = async (
    path: string,
    body: string | Buffer<ArrayBuffer>,
    encoding?: string,
  ): Promise<number> => {
    const headers = encoding === undefined ? {} : { 'content-encoding': encoding };
    const response = await fetch(collector.url + path, { method: 'POST', body, headers });
    await response.arrayBuffer();
    return response.status;
  };

  assert.equal(await post('/v1/logs', JSON.stringify(logs)), 200);
  assert.equal(await post('/v1/logs', gzipSync(JSON.stringify(logs)), 'gzip'), 200);
  assert.equal(await post('/v1/metrics', JSON.stringify(metrics)), 200);
  assert.equal(await post('/v1/traces', '{}'), 400);
  assert.equal(await post('/v1/logs', 'no JSON'), 400);
  assert.deepEqual(collector.counts, { logRecords: 6, metricPoints: 3, refused: 2 });
});
