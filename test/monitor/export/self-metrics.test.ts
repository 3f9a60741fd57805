import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataPointType, MeterProvider, type MetricData } from '@opentelemetry/sdk-metrics';
import { AgentReader } from '../../../src/agent/collection/agent-reader.ts';
import { AgentLink } from '../../../src/monitor/agents/agent-link.ts';
import { type AgentPeer, Agents } from '../../../src/monitor/agents/agents.ts';
import { agentsMetrics } from '../../../src/monitor/agents/agents-metrics.ts';
import { registerSelfMetrics, type SelfMetric } from '../../../src/monitor/export/self-metrics.ts';
import { recordedRequests } from '../../helpers/agent-requests.ts';
import { metric, snapshotOf } from '../../helpers/snapshots.ts';

async function collected(rows: readonly SelfMetric[]): Promise<readonly MetricData[]> {
  const reader = new AgentReader();
  registerSelfMetrics(new MeterProvider({ readers: [reader] }).getMeter('test'), rows);
  const { scopeMetrics } = await reader.read();
  return scopeMetrics.flatMap(({ metrics }) => metrics).filter(({ dataPoints }) => dataPoints.length > 0);
}

const values = (metrics: readonly MetricData[]): Record<string, unknown> =>
  Object.fromEntries(
    metrics.map(({ descriptor, dataPoints }) => [
      descriptor.name,
      dataPoints.map(({ attributes, value }) => ({ ...attributes, value })),
    ]),
  );

test('each row becomes an instrument of its kind, with and without labels, awaited where need be', async () => {
  const metrics = await collected([
    { name: 'a_total', help: 'A', unit: '', kind: 'counter', read: () => 3 },
    { name: 'b', help: 'B', unit: '', kind: 'gauge', read: () => Promise.resolve(-1) },
    {
      name: 'c_total',
      help: 'C',
      unit: '',
      kind: 'counter',
      read: () => [
        { labels: { result: 'success' }, value: 2 },
        { labels: { result: 'failure' }, value: 0 },
      ],
    },
    { name: 'nothing_yet', help: 'D', unit: '', kind: 'gauge', read: () => undefined },
  ]);
  assert.deepEqual(values(metrics), {
    a_total: [{ value: 3 }],
    b: [{ value: -1 }],
    c_total: [
      { result: 'success', value: 2 },
      { result: 'failure', value: 0 },
    ],
  });
  assert.deepEqual(
    metrics.map(({ dataPointType }) => dataPointType),
    [DataPointType.SUM, DataPointType.GAUGE, DataPointType.SUM],
  );
});

test('a row that fails leaves out itself and no other', async () => {
  const metrics = await collected([
    { name: 'bad', help: '', unit: '', kind: 'gauge', read: () => Promise.reject(new Error('no')) },
    {
      name: 'worse',
      help: '',
      unit: '',
      kind: 'gauge',
      read: () => {
        throw new Error('no');
      },
    },
    { name: 'good', help: '', unit: '', kind: 'gauge', read: () => 1 },
  ]);
  assert.deepEqual(values(metrics), { good: [{ value: 1 }] });
});

function agentsAt(now: () => number): Agents {
  return new Agents({ now, deadlineMs: 1000 });
}

test('the monitor shows how many processes there are, whether all answer, how old the values are, and how processes ended', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = 10_000;
  const agents = agentsAt(() => nowMs);
  const rows = agentsMetrics(agents, '1.2.3', () => nowMs);
  const shown = async (): Promise<Record<string, unknown>> => values(await collected(rows));

  const requests = metric(0, 'requests_total');
  const link = (send: AgentPeer['send']): AgentLink => new AgentLink({ send }, agents, recordedRequests());
  const quick: AgentLink = link((message) => {
    if (message.kind !== 'collect') return;
    const snapshot = { atMs: nowMs, newMetrics: [], newSeries: [], values: Float64Array.of() };
    quick.receive({ kind: 'snapshot', request: message.request, snapshot });
  });
  const silent = link(() => setImmediate(() => t.mock.timers.tick(1000)));
  quick.receive({ kind: 'hello', processId: 'a', pid: 1 });
  silent.receive({ kind: 'hello', processId: 'b', pid: 2 });
  silent.receive({
    kind: 'snapshot',
    request: 0,
    snapshot: snapshotOf([{ metric: requests, numbers: [1] }], 4000),
  });
  assert.deepEqual(await shown(), {
    monitoring_agent_up: [{ value: 0 }],
    monitoring_agents: [{ value: 2 }],
    monitoring_snapshot_age_seconds: [{ value: 6 }],
    monitoring_build_info: [{ version: '1.2.3', node: process.version, value: 1 }],
  });

  silent.closed();
  nowMs += 1000;
  const { monitoring_build_info: _same, ...after } = await shown();
  assert.deepEqual(after, {
    monitoring_agent_up: [{ value: 1 }],
    monitoring_agents: [{ value: 1 }],
    monitoring_snapshot_age_seconds: [{ value: 0 }],
  });
});
