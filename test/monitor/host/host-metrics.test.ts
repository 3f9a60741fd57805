import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { AgentReader } from '../../../src/agent/collection/agent-reader.ts';
import {
  HostMetrics,
  type HostReadings,
  type HostSample,
  rootMount,
  sampleHost,
  systemReadings,
  boundedReadings,
} from '../../../src/monitor/host/host-metrics.ts';

const good: HostReadings = {
  cpuPercent: () => Promise.resolve(12.5),
  memory: () => Promise.resolve({ total: 1000, available: 250 }),
  // 81 of the 200 that a user without rights could have; 20 more are the system's.
  disk: (path) =>
    path === '/'
      ? Promise.resolve({ blocks: 220, bfree: 139, bavail: 119 })
      : Promise.reject(new Error('none')),
  containerMemory: () => Promise.resolve(undefined),
};
const failing = (): Promise<never> => Promise.reject(new Error('no such thing on this host'));
const hanging = (): Promise<never> => new Promise(() => {});

test('CPU, memory and the disk of the root are percentages as psutil computes them', async () => {
  assert.deepEqual(await sampleHost(good, '/'), { cpu: 12.5, memory: 75, disk: 40.5 });
  assert.equal((await sampleHost(good, '/none')).disk, undefined);
});

test('a reading that fails leaves out its value and no other', async () => {
  assert.deepEqual(await sampleHost({ ...good, cpuPercent: failing }, '/'), {
    cpu: undefined,
    memory: 75,
    disk: 40.5,
  });
  assert.deepEqual(await sampleHost({ ...good, memory: failing }, '/'), {
    cpu: 12.5,
    memory: undefined,
    disk: 40.5,
  });
  assert.deepEqual(await sampleHost({ ...good, disk: failing }, '/'), {
    cpu: 12.5,
    memory: 75,
    disk: undefined,
  });
});

test('missing host values are left out, values beyond a percentage are cut', async () => {
  const odd: HostReadings = {
    cpuPercent: () => Promise.resolve(Number.NaN),
    memory: () => Promise.resolve({ total: 0, available: 0 }),
    disk: () => Promise.resolve({ blocks: 0, bfree: 0, bavail: 0 }),
    containerMemory: failing,
  };
  assert.deepEqual(await sampleHost(odd, '/'), { cpu: undefined, memory: undefined, disk: undefined });
  const beyond: HostReadings = {
    cpuPercent: () => Promise.resolve(100.4),
    memory: () => Promise.resolve({ total: 100, available: 120 }),
    disk: () => Promise.resolve({ blocks: 100, bfree: 101, bavail: 101 }),
    containerMemory: () => Promise.resolve(undefined),
  };
  assert.deepEqual(await sampleHost(beyond, '/'), { cpu: 100, memory: 0, disk: 0 });
});

test('M11 the disk needs neither df nor a shell', async (t) => {
  const path = process.env['PATH'];
  process.env['PATH'] = '/nonexistent';
  t.after(() => (process.env['PATH'] = path));
  assert.ok((await sampleHost(systemReadings, '/')).disk !== undefined);
});

test('M11 a memory limit is shown with what counts against it', async () => {
  const container = { limitBytes: 512, usedBytes: 128 };
  const { host, read } = shownBy(() =>
    sampleHost({ ...good, containerMemory: () => Promise.resolve(container) }, '/'),
  );
  await host.runOnce();
  const shown = await read();
  assert.equal(shown['container_memory_usage'], 25);
  assert.equal(shown['container_memory_limit_bytes'], 512);
  assert.equal(shown['system_memory_usage'], 75);
});

test('the root is the drive of the system on Windows', () => {
  assert.equal(rootMount('linux', undefined), '/');
  assert.equal(rootMount('darwin', 'C:'), '/');
  assert.equal(rootMount('win32', 'D:'), 'D:\\');
  assert.equal(rootMount('win32', undefined), 'C:\\');
});

test('this host can be read', async () => {
  const { cpu, memory, disk } = await sampleHost(
    systemReadings,
    rootMount(process.platform, process.env['SystemDrive']),
  );
  for (const value of [cpu, memory])
    assert.ok(value !== undefined && value >= 0 && value <= 100, String(value));
  assert.ok(memory !== undefined && memory > 0 && memory < 100);
  assert.ok(disk !== undefined && disk > 0 && disk <= 100);
});

test('a dead network disk hides neither CPU nor memory, and is not asked again while it hangs', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let asked = 0;
  let wakeUp: (disk: { blocks: number; bfree: number; bavail: number }) => void = () => {};
  const readings = boundedReadings(
    {
      ...good,
      disk: () => {
        asked += 1;
        return new Promise((resolve) => {
          wakeUp = resolve;
        });
      },
    },
    5000,
  );
  const first = sampleHost(readings, '/');
  await turn();
  t.mock.timers.tick(5000);
  assert.deepEqual(await first, { cpu: 12.5, memory: 75, disk: undefined });
  assert.deepEqual(await sampleHost(readings, '/'), { cpu: 12.5, memory: 75, disk: undefined });
  assert.equal(asked, 1);

  wakeUp({ blocks: 100, bfree: 99, bavail: 99 });
  await turn();
  const third = sampleHost(readings, '/');
  await turn();
  wakeUp({ blocks: 100, bfree: 60, bavail: 60 });
  assert.equal((await third).disk, 40);
  assert.equal(asked, 2);
});

/** Gauges of a host whose samples the test hands out, and what a collection finds. */
function shownBy(sample: () => Promise<HostSample>): {
  readonly host: HostMetrics;
  readonly read: () => Promise<Record<string, unknown>>;
} {
  const reader = new AgentReader();
  const host = new HostMetrics(new MeterProvider({ readers: [reader] }).getMeter('test'), sample);
  const read = async (): Promise<Record<string, unknown>> => {
    const { scopeMetrics } = await reader.read();
    const metrics = scopeMetrics
      .flatMap((scope) => scope.metrics)
      .filter(({ dataPoints }) => dataPoints.length > 0);
    return Object.fromEntries(
      metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints[0]?.value]),
    );
  };
  return { host, read };
}

test('the last sample is shown under the documented names; what it lacks is not shown', async () => {
  let last: HostSample = { cpu: 1, memory: 2, disk: 3 };
  const { host, read } = shownBy(() => Promise.resolve(last));
  await host.runOnce();
  assert.deepEqual(await read(), { system_cpu_usage: 1, system_memory_usage: 2, system_disk_usage: 3 });
  last = { cpu: 5, memory: 2, disk: 3 };
  await host.runOnce();
  assert.equal((await read())['system_cpu_usage'], 5);
});

test('a page asked for at once waits for the first sample, but not for ever', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const { host, read } = shownBy(hanging);
  t.after(() => host.stop());
  host.start(15_000);
  let page: unknown;
  const reading = read().then((found) => {
    page = found;
  });
  await turn();
  assert.equal(page, undefined);
  t.mock.timers.tick(1500);
  await reading;
  assert.deepEqual(page, {});
});

test('a page that must not wait shows what there is', async () => {
  const { host, read } = shownBy(hanging);
  void host.runOnce();
  const reading = read();
  host.waitNoMore();
  assert.deepEqual(await reading, {});
});

function clockwork(t: TestContext, sample: () => Promise<HostSample>, intervalMs: number): HostMetrics {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const { host } = shownBy(sample);
  host.start(intervalMs);
  return host;
}

test('the host is sampled at once and then with each interval until it stops', async (t) => {
  let samples = 0;
  const host = clockwork(t, () => Promise.resolve({ cpu: (samples += 1), memory: 1, disk: 1 }), 1000);
  for (let second = 0; second < 3; second += 1) {
    await turn();
    t.mock.timers.tick(1000);
  }
  assert.equal(samples, 4);
  host.stop();
  t.mock.timers.tick(10_000);
  assert.equal(samples, 4);
});

test('a sample that takes longer than the interval does not pile up others behind it', async (t) => {
  let begun = 0;
  const host = clockwork(
    t,
    () => {
      begun += 1;
      return hanging();
    },
    1000,
  );
  t.mock.timers.tick(60_000);
  await host.runOnce();
  assert.equal(begun, 1);
  host.stop();
});

test('a sample that fails as a whole is not shown, breaks nothing and is tried again', async () => {
  let fails = false;
  const { host, read } = shownBy(() => (fails ? failing() : Promise.resolve({ cpu: 1, memory: 1, disk: 1 })));
  await host.runOnce();
  fails = true;
  await assert.doesNotReject(host.runOnce());
  assert.deepEqual(await read(), {});
  fails = false;
  await host.runOnce();
  assert.equal((await read())['system_cpu_usage'], 1);
});
