import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSettings } from '../../src/config/read-settings.ts';
import { sendFrame } from '../../src/link/frames.ts';
import type { MonitorMessage, MonitorStart } from '../../src/link/messages.ts';
import { type OwnAgent, startMonitor } from '../../src/monitor/start.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

let meetings = 0;

function startMessage(env: NodeJS.ProcessEnv = {}): MonitorStart {
  const cwd = temporaryFolder('start');
  const { settings } = readSettings({ OTEL_EXPORTER_PROMETHEUS_PORT: '0', ...env }, (path) =>
    readFileSync(path, 'utf8'),
  );
  meetings += 1;
  const lockPath = process.platform === 'linux' ? `\0monitoring-start-${process.pid}-${meetings}` : undefined;
  return {
    settings,
    serviceName: 'shop',
    resource: { 'service.name': 'shop' },
    version: '0.0.0',
    cwd,
    meetingPoint: { socketPath: join(cwd, 's.sock'), lockPath },
    takeover: false,
  };
}

interface FakeAgent extends OwnAgent {
  readonly sent: MonitorMessage[];
}

function ownAgent(): FakeAgent {
  const sent: MonitorMessage[] = [];
  return { sent, post: (message) => sent.push(message), onMessage: () => {} };
}

test('a monitor that cannot start lets go of everything: the next one is elected and serves', async () => {
  const start = startMessage();
  const impossible = { ...start, settings: { ...start.settings, metricsPort: 70_000 } };
  await assert.rejects(startMonitor(impossible, ownAgent()), RangeError);

  const monitor = await startMonitor(start, ownAgent());
  assert.ok(monitor, 'the election is free again');
  await monitor.stop();
});

test('a second monitor of the service follows; connections end with the first, and another is elected', async () => {
  const start = startMessage();
  const first = await startMonitor(start, ownAgent());
  assert.ok(first);
  const follower = ownAgent();
  assert.equal(await startMonitor(start, follower), undefined);
  assert.deepEqual(follower.sent, [{ kind: 'not-leader', steppedDown: false }]);

  const socket = connect(start.meetingPoint?.socketPath ?? '');
  await once(socket, 'connect');
  socket.resume();
  const closed = once(socket, 'close');
  await first.stop();
  await closed;
  const second = await startMonitor(start, ownAgent());
  assert.ok(second);
  await second.stop();
});

test('M7 a stranger on the socket costs its own link only: the page and the next start are as before', async () => {
  const start = startMessage();
  const agent = ownAgent();
  const monitor = await startMonitor(start, agent);
  assert.ok(monitor);
  const snapshot = {
    atMs: 1,
    newMetrics: [{ id: 0, name: 'm', help: '', unit: '', scope: 'x', kind: 'bogus' }],
    newSeries: [{ id: 0, metric: 0, labels: null }],
    values: Float64Array.of(0, 0, 7),
  };
  const silence = { do: 'add', matchers: 'a="b"', forMs: 60_000, comment: 5, createdBy: 'me' };
  const hello = { kind: 'hello', processId: 'stranger', pid: 1 };
  for (const messages of [
    [hello, { kind: 'snapshot', request: 0, snapshot }],
    [{ kind: 'snapshot', request: 0, snapshot: { ...snapshot, newMetrics: [], newSeries: [] } }],
    [hello, hello],
    [{ kind: 'silence', request: silence }],
  ]) {
    const socket = connect(start.meetingPoint?.socketPath ?? '');
    await once(socket, 'connect');
    socket.resume();
    const closed = once(socket, 'close');
    for (const message of messages) sendFrame(socket, message);
    await closed;
  }
  const ready = agent.sent.find(({ kind }) => kind === 'ready');
  assert.ok(ready?.kind === 'ready');
  const page = await fetch(`${ready.metricsUrl}/metrics`);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /^monitoring_build_info/m);
  await monitor.stop();
  const state = readFileSync(join(start.cwd, 'logs/monitoring/alerts-shop.json'), 'utf8');
  assert.doesNotMatch(state, /"comment":5/);
});
