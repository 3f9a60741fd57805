import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { SCOPE } from '../../../src/metrics/scope.ts';
import type { MonitorMessage } from '../../../src/link/messages.ts';
import { AgentLink } from '../../../src/monitor/agents/agent-link.ts';
import { Agents } from '../../../src/monitor/agents/agents.ts';
import { agentsProducers } from '../../../src/monitor/agents/agents-producer.ts';
import { createMetricsPage } from '../../../src/monitor/export/metrics-page.ts';
import { recordedRequests } from '../../helpers/agent-requests.ts';
import { recordingOwnLog } from '../../helpers/logging.ts';
import { metric, type Row, snapshotOf } from '../../helpers/snapshots.ts';

/** The page of a service whose processes said these rows, as text without comments of other metrics. */
async function pageOf(
  ...processes: readonly (readonly Row[])[]
): Promise<{ body: string; type: string; said: readonly string[] }> {
  const log = recordingOwnLog();
  const agents = new Agents({ now: () => 5000, deadlineMs: 1000 });
  for (const [pid, rows] of processes.entries()) {
    const send = (message: MonitorMessage): void => {
      if (message.kind === 'collect')
        link.receive({ kind: 'snapshot', request: message.request, snapshot: snapshotOf(rows) });
    };
    const link = new AgentLink({ send }, agents, recordedRequests());
    link.receive({ kind: 'hello', processId: `p-${pid}`, pid });
  }
  const page = createMetricsPage(
    [agentsProducers(agents, log, () => 5000).shown],
    ['deployment.environment.name'],
  );
  const resource = resourceFromAttributes({
    'service.name': 'shop',
    'deployment.environment.name': 'test',
    'db.password': 'S3CRET',
    'host.name': 'web1',
  });
  new MeterProvider({ resource, readers: [page.reader] }).getMeter(SCOPE);
  const { body, contentType } = await page.render();
  return { body, type: contentType, said: log.said };
}

const requests = metric(0, 'http_requests_total', 'counter', {
  help: 'Total HTTP requests',
  unit: '{request}',
});
const labels = { method: 'GET', endpoint: '/users/:id', status: '200' };

test('a counter has its help, type, documented name and labels, and no label of ours', async () => {
  const { body } = await pageOf(
    [{ metric: requests, labels, numbers: [3] }],
    [{ metric: requests, labels, numbers: [4] }],
  );
  for (const line of ['# HELP http_requests_total Total HTTP requests', '# TYPE http_requests_total counter'])
    assert.ok(body.split('\n').includes(line), body);
  assert.ok(
    body.includes('\nhttp_requests_total{method="GET",endpoint="/users/:id",status="200"} 7\n'),
    body,
  );
  assert.ok(!body.includes('otel_scope'));
  assert.ok(!body.includes('http_requests_total_total'));
  assert.ok(body.endsWith('\n'));
});

test('units append nothing to the names', async () => {
  const duration = metric(0, 'http_request_duration_seconds', 'histogram', {
    unit: 's',
    boundaries: [0.1, 1],
  });
  const cpu = metric(1, 'system_cpu_usage', 'gauge');
  const { body } = await pageOf([
    { metric: duration, labels: { method: 'GET' }, numbers: [1.5, 0.1, 1.2, 1, 1, 1] },
    { metric: cpu, numbers: [12.5] },
  ]);
  const lines = body.split('\n').filter((line) => !line.startsWith('#') && !line.startsWith('target_info'));
  assert.deepEqual(lines, [
    'http_request_duration_seconds_count{method="GET"} 3',
    'http_request_duration_seconds_sum{method="GET"} 1.5',
    'http_request_duration_seconds_bucket{method="GET",le="0.1"} 1',
    'http_request_duration_seconds_bucket{method="GET",le="1"} 2',
    'http_request_duration_seconds_bucket{method="GET",le="+Inf"} 3',
    'system_cpu_usage 12.5',
    '',
  ]);
});

test('the content type is that of the text format, with version and charset', async () => {
  assert.equal((await pageOf()).type, 'text/plain; version=0.0.4; charset=utf-8');
});

test('label values of a hostile client cannot end their line', async () => {
  const { body } = await pageOf([
    { metric: requests, labels: { ...labels, endpoint: 'a"b\\c\nd{}=,' }, numbers: [1] },
  ]);
  assert.ok(body.includes(String.raw`endpoint="a\"b\\c\nd{}=,"`), body);
});

test('where the service has an instrument of our name, ours is shown and the collision is logged', async () => {
  const theirs = metric(1, 'http_requests_total', 'counter', { scope: 'their-app' });
  for (const rows of [
    [
      { metric: requests, numbers: [1] },
      { metric: theirs, numbers: [100] },
    ],
    [
      { metric: { ...theirs, id: 0 }, numbers: [100] },
      { metric: { ...requests, id: 1 }, numbers: [1] },
    ],
  ]) {
    const { body, said } = await pageOf(rows);
    assert.deepEqual(body.match(/^http_requests_total\b.*$/gm), ['http_requests_total 1']);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /MON_METRIC_CONFLICT.*http_requests_total/);
  }
});

test('instruments of the service and its libraries are shown beside ours', async () => {
  const theirs = metric(1, 'jobs_total', 'counter', { scope: 'their-app' });
  const { body, said } = await pageOf([
    { metric: requests, numbers: [1] },
    { metric: theirs, labels: { queue: 'mail' }, numbers: [100] },
  ]);
  assert.ok(body.includes('\njobs_total{queue="mail"} 100\n'), body);
  assert.deepEqual(said, []);
});

test('a service of which nothing is known yet has an empty page, not an error', async () => {
  const { body } = await pageOf();
  assert.deepEqual(body.match(/^[a-z]\w*(?=[ {])/gm)?.filter((name) => name !== 'target_info') ?? [], []);
});

test('M5 target_info shows the attributes of service and SDK and those of the setting, no others', async () => {
  const { body } = await pageOf();
  assert.deepEqual(body.match(/^target_info.*$/gm), [
    'target_info{service_name="shop",deployment_environment_name="test"} 1',
  ]);
  assert.doesNotMatch(body, /S3CRET|web1/);
});
