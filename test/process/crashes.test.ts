import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixture, Service, type ServiceOptions } from '../helpers/service.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

// What the service prints is no concern here: its log has what is found of crashes alone.
const env = { MONITORING_RULES_INTERVAL: '200ms', MONITORING_LOG_BRIDGE: 'none' };
const markers = (cwd: string): string[] =>
  readdirSync(join(cwd, 'logs/monitoring/processes')).filter((name) => /^[0-9a-f-]{36}/.test(name));

async function started(cwd: string, more: ServiceOptions = {}): Promise<Service> {
  const service = new Service(fixture('crashing.cjs'), { cwd, env, ...more });
  await service.url();
  await service.metricsWith(/^monitoring_agents 1$/m);
  return service;
}

interface Crash {
  readonly name: string;
  readonly how: string;
  readonly kind: string;
  readonly nodeArgs?: readonly string[];
  /** What the log `app` has of it after the next start. */
  readonly logged: RegExp;
}

const killed = / - app - CRITICAL - the process before, pid PID, was killed or crashed at about \d\d:\d\d/;
const crashes: readonly Crash[] = [
  { name: 'SIGKILL', how: 'SIGKILL', kind: 'killed', logged: killed },
  { name: 'abort', how: 'abort', kind: 'killed', logged: killed },
  {
    name: 'out of memory',
    how: 'fill',
    kind: 'killed',
    nodeArgs: ['--max-old-space-size=40'],
    logged: killed,
  },
  {
    name: 'an uncaught exception',
    how: 'throw',
    kind: 'exception',
    logged:
      / - app - CRITICAL - uncaught exception: TypeError: password=\[REDACTED\] in a timer.*\n.*at .*crashing\.cjs/s,
  },
  {
    name: 'an unhandled rejection',
    how: 'reject',
    kind: 'exception',
    logged: / - app - CRITICAL - unhandled rejection: Error: never awaited.*\n.*at .*crashing\.cjs/s,
  },
  {
    name: 'an exception that a listener of the service took before it ended the process',
    how: 'handled',
    kind: 'exception',
    logged: / - app - CRITICAL - uncaught exception: Error: taken/,
  },
  { name: 'an exit code other than 0', how: 'exit', kind: 'failure', logged: /^$/ },
];

for (const { name, how, kind, nodeArgs = [], logged } of crashes) {
  test(`P4 ${name}: logged, counted by the next start as "${kind}", and ProcessCrashed fires`, async () => {
    const cwd = temporaryFolder('crash');
    const register = ['--require', join(import.meta.dirname, '../../dist/register.cjs')];
    await using first = await started(cwd, { nodeArgs: [...nodeArgs, ...register] });
    if (how === 'SIGKILL') first.kill(how);
    else await fetch(`${await first.url()}/${how}`).catch(() => {});
    await first.ended();

    await using next = await started(cwd);
    await next.metricsWith(new RegExp(`^monitoring_process_ends_total\\{kind="${kind}"\\} 1$`, 'm'));
    await next.metricsWith(/^ALERTS\{alertname="ProcessCrashed",.*alertstate="firing".*\} 1$/m);
    const text = logged.source.replace('PID', String(first.child.pid));
    await next.until(
      () => new RegExp(text, logged.flags).test(next.dailyLines('app').join('\n')) || undefined,
      `in the log: ${text}`,
    );
    assert.equal(
      next.dailyLines('app').filter((line) => line.includes(' - CRITICAL - ')).length,
      how === 'exit' ? 0 : 1,
    );
    assert.equal(markers(cwd).length, 1);
  });
}

test('P4 the third crash within 15 minutes fires CrashLooping, without a separate monitor', async () => {
  const cwd = temporaryFolder('crash-loop');
  for (let crash = 1; crash <= 3; crash += 1) {
    await using service = await started(cwd);
    service.kill('SIGKILL');
    await service.ended();
  }
  await using last = await started(cwd);
  await last.metricsWith(/^monitoring_process_ends_total\{kind="killed"\} 3$/m);
  await last.metricsWith(/^ALERTS\{alertname="CrashLooping",.*alertstate="firing".*\} 1$/m);
});

const orderly: readonly (readonly [name: string, how: string, signal: NodeJS.Signals | undefined])[] = [
  ['SIGTERM', '', 'SIGTERM'],
  ['SIGINT', '', 'SIGINT'],
  ['process.exit(0)', 'exit0', undefined],
  ['SIGTERM with a listener of the service that exits with code 1', 'listen', 'SIGTERM'],
  ['SIGTERM with a listener of the service that takes too long, then SIGKILL', 'ignore', 'SIGTERM'],
];
for (const [name, how, signal] of orderly) {
  test(`P6 ${name} is no crash`, async () => {
    const cwd = temporaryFolder('orderly');
    await using first = await started(cwd);
    if (how !== '') await fetch(`${await first.url()}/${how}`).catch(() => {});
    if (signal) first.kill(signal);
    if (how === 'ignore') {
      await first.line(/ignored SIGTERM/);
      first.kill('SIGKILL');
    }
    await first.ended();
    await using next = await started(cwd);
    const page = await next.metricsWith(/^monitoring_recent_process_crashes 0$/m);
    assert.match(page, /^monitoring_process_ends_total\{kind="killed"\} 0$/m);
    assert.deepEqual(next.dailyLines('app'), []);
    assert.doesNotMatch(next.stderr, /killed|crashed/);
  });
}

test('of two processes that share a monitor the one that is killed is logged by the other', async () => {
  const cwd = temporaryFolder('crash-pair');
  const shared = { env: { ...env, OTEL_SERVICE_NAME: 'shop' } };
  await using leader = await started(cwd, shared);
  await using other = new Service(fixture('crashing.cjs'), { cwd, ...shared });
  await other.url();
  await leader.metricsWith(/^monitoring_agents 2$/m);
  other.kill('SIGKILL');
  await leader.metricsWith(/^monitoring_process_ends_total\{kind="killed"\} 1$/m);
  const line = new RegExp(`CRITICAL - another process, pid ${other.child.pid}, was killed or crashed`);
  await leader.until(() => leader.dailyLines('app').some((one) => line.test(one)) || undefined, String(line));
});
