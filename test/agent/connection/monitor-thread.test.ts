import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  MonitorThread,
  type MonitorThreadOptions,
  type MonitorThreadUser,
} from '../../../src/agent/connection/monitor-thread.ts';
import type { AgentMessage, MonitorStart } from '../../../src/link/messages.ts';
import { recordingOwnLog } from '../../helpers/logging.ts';
import { until } from '../../helpers/until.ts';

const stub = join(import.meta.dirname, 'programs', 'monitor-stub.cjs');
const start = { serviceName: 'shop', takeover: false } as unknown as MonitorStart;

type Seen = Record<string, unknown> & { readonly kind: string };

interface Scene {
  readonly thread: MonitorThread;
  readonly logged: readonly string[];
  /** The next message of the worker, or problem in the log. */
  readonly next: (kind: string) => Promise<Seen>;
  readonly post: (message: unknown) => void;
  readonly opened: () => number;
}

function scene(
  t: TestContext,
  more: Partial<MonitorThreadOptions> = {},
  user: Partial<MonitorThreadUser> = {},
): Scene {
  const log = recordingOwnLog();
  const seen: Seen[] = [];
  const take = (message: unknown): void => void seen.push(message as Seen);
  let opened = 0;
  const thread = new MonitorThread(
    {
      file: stub,
      start,
      env: {},
      maxMemoryMb: 64,
      ownLog: {
        ...log,
        problem: (code, params) => {
          log.problem(code, params);
          take({ kind: 'problem', code });
        },
      },
      ...more,
    },
    {
      opened: () => {
        opened += 1;
      },
      received: take,
      died: () => take({ kind: 'died' }),
      ...user,
    },
  );
  t.after(() => thread.close());
  async function next(kind: string): Promise<Seen> {
    const at = (): number => seen.findIndex((message) => message.kind === kind);
    await until(() => at() >= 0, { what: `a message "${kind}"` });
    return seen.splice(at(), 1)[0] as Seen;
  }
  return {
    thread,
    logged: log.said,
    next,
    post: (message) => thread.post(message as AgentMessage),
    opened: () => opened,
  };
}

test('the monitor gets what it needs to start, and neither our arguments nor NODE_OPTIONS', async (t) => {
  const { thread, next, opened } = scene(t, { env: { NODE_OPTIONS: '--require x', OTHER: 'kept' } });
  thread.start();
  const { workerData, argv, execArgv, nodeOptions, other } = await next('started');
  assert.deepEqual(
    { workerData, argv, execArgv, nodeOptions, other },
    {
      workerData: start,
      argv: [],
      execArgv: [],
      nodeOptions: undefined,
      other: 'kept',
    },
  );
  assert.equal(thread.running, true);
  assert.equal(opened(), 1);
});

test('messages go both ways; starting what runs already does nothing', async (t) => {
  const { thread, next, post, opened } = scene(t);
  thread.start();
  thread.start();
  await next('started');
  post({ kind: 'spooled' });
  assert.deepEqual((await next('echo'))['message'], { kind: 'spooled' });
  assert.equal(opened(), 1);
});

const ends: readonly (readonly [how: string, text: RegExp])[] = [
  ['throw', /the monitor thread exited \(death 1\): thrown in the monitor\. Now: restarting it in 1 s/],
  ['exit', /the monitor thread exited \(death 1\): it stopped\. Now: restarting it in 1 s/],
  ['fill', /the monitor thread exited \(death 1\): .*memory.*\. Now: restarting it in 1 s/],
];
for (const [how, text] of ends) {
  test(`a monitor that ends by "${how}" is logged and started again, with the totals of the one before`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { thread, logged, next, post, opened } = scene(t, { maxMemoryMb: 16 });
    thread.start();
    await next('started');
    post({ kind: how });
    await next('problem');
    await next('died');
    assert.match(logged.join('\n'), text);
    assert.equal(thread.running, false);
    assert.doesNotThrow(() => post({ kind: 'spooled' }));

    t.mock.timers.tick(999);
    assert.equal(thread.running, false);
    t.mock.timers.tick(1);
    const again = await next('started');
    assert.deepEqual(again['workerData'], { ...start, takeover: true });
    assert.equal(opened(), 2);
    post({ kind: 'spooled' });
    assert.deepEqual((await next('echo'))['message'], { kind: 'spooled' });
  });
}

test('M2 a monitor that dies again and again is started for ever, with pauses of up to five minutes, each death logged', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { thread, logged, next, post, opened } = scene(t);
  thread.start();
  const pausesMs = [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000];
  for (const waitMs of pausesMs) {
    await next('started');
    post({ kind: 'exit' });
    await next('died');
    t.mock.timers.tick(waitMs - 1);
    assert.equal(thread.running, false);
    t.mock.timers.tick(1);
    assert.equal(thread.running, true);
  }
  assert.equal(opened(), pausesMs.length + 1);
  const deaths = logged.map((line) => /\(death (\d+)\)/.exec(line)?.[1]);
  assert.deepEqual(deaths, ['1', '2', '3', '4', '5', '10']);
});

test('a missing file is logged like any other death', async (t) => {
  const { thread, logged, next } = scene(t, { file: join(import.meta.dirname, 'missing.cjs') });
  thread.start();
  await next('problem');
  assert.match(logged.join(), /Cannot find module/);
});

test('a message whose handling fails is logged, and the monitor goes on', async (t) => {
  let calls = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const { thread, logged, post } = scene(
    t,
    {},
    {
      received: () => {
        calls += 1;
        if (calls === 2) resolve();
        throw new Error('cannot handle it');
      },
    },
  );
  thread.start();
  post({ kind: 'spooled' });
  await promise;
  assert.match(
    logged.join('\n'),
    /^ERROR handling a message from the monitor failed: Error: cannot handle it/,
  );
});

test('after closing nothing starts again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { thread, logged, next, post } = scene(t);
  thread.start();
  await next('started');
  await thread.close();
  post({ kind: 'spooled' });
  t.mock.timers.tick(1e6);
  thread.start();
  assert.equal(thread.running, false);
  assert.deepEqual(logged, []);
});

test('a process with a running monitor ends by itself, with its own exit code', () => {
  const program = `
    import { MonitorThread } from ${JSON.stringify(join(import.meta.dirname, '../../../src/agent/connection/monitor-thread.ts'))};
    const nothing = () => {};
    const thread = new MonitorThread({
      file: ${JSON.stringify(stub)}, start: {}, env: {}, maxMemoryMb: 64, ownLog: {},
    }, {
      opened: nothing, died: nothing,
      received: () => { console.log('seen'); process.exitCode = 7; },
    });
    thread.start();
    setTimeout(nothing, 500);`;
  const { stdout, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  assert.deepEqual([stdout, status, stderr], ['seen\n', 7, '']);
});
