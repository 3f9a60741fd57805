import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixture, REPOSITORY, Service } from '../helpers/service.ts';

const env = { MONITORING_PACKAGE: join(REPOSITORY, 'dist', 'index.cjs') };
const start = (mode: string, threads = 1, nodeArgs?: readonly string[]): Service =>
  new Service(fixture('threads.cjs'), {
    args: [mode, String(threads)],
    env: { ...env, MONITORING_LOG_FORMAT: 'json' },
    ...(nodeArgs && { nodeArgs }),
  });

interface Line {
  readonly level: string;
  readonly message: string;
  readonly function: string | null;
  readonly [extra: string]: unknown;
}
const linesOf = (service: Service): Line[] =>
  service.dailyLines('api').map((line) => JSON.parse(line) as Line);

test('P2 a server in a worker thread is observed, with its records and explicit calls, by one agent', async () => {
  await using service = start('serve');
  const url = await service.url();
  for (const path of ['/a', '/b', '/c']) await (await fetch(url + path)).text();
  const page = await service.metricsWith(
    /^http_requests_total\{endpoint="unmatched",method="GET",status="200"\} 3$/m,
  );
  assert.match(page, /^db_queries_total\{database="app",type="SELECT"\} 3$/m);
  assert.match(page, /^ai_requests_total\{model="gpt",status="success"\} 3$/m);
  assert.match(page, /^monitoring_agents 1$/m);
  assert.match(page, /^monitoring_thread_messages_dropped_total 0$/m);
  const lines = await service.until(
    () => (linesOf(service).length === 3 ? linesOf(service) : undefined),
    '3 lines',
  );
  assert.deepEqual(
    lines.map(({ level, message, thread }) => [level, message, thread]),
    [
      ['INFO', 'served /a', 1],
      ['INFO', 'served /b', 1],
      ['INFO', 'served /c', 1],
    ],
  );
  assert.match(String(lines[0]?.['exception.stacktrace']), /Error: inside/);
  assert.notEqual(lines[0]?.function, null);
  assert.equal(service.stderr.match(/@geometra\/monitoring [\d.]+/g)?.length, 1, service.stderr);
});

for (const [how, nodeArgs] of [
  ['preloaded', undefined],
  ['without a preload', []],
] as const) {
  test(`P2 every record of threads that end at once is written, ${how}, and nothing else is opened`, async () => {
    await using service = start('log', 4, nodeArgs && ['--require', env.MONITORING_PACKAGE]);
    assert.deepEqual(await service.ended(), { code: 0, signal: null });
    const lines = linesOf(service);
    for (let number = 0; number < 4; number += 1) {
      const own = lines.filter(({ message }) => message.startsWith(`thread ${number} `));
      assert.deepEqual(
        own.map(({ at }) => at),
        Array.from({ length: 100 }, (_, at) => at),
      );
    }
    assert.equal(lines.length, 400);
    const files = readdirSync(join(service.cwd, 'logs'));
    assert.equal(files.filter((name) => name.startsWith('api_')).length, 1, files.join());
  });
}

test('P2 a record of a thread of a thread is written', async () => {
  await using service = start('nested');
  assert.deepEqual(await service.ended(), { code: 0, signal: null });
  assert.deepEqual(
    linesOf(service).map(({ level, message }) => [level, message]),
    [['ERROR', 'from a thread of a thread']],
  );
});

test('P2 what a thread logs while the main thread is blocked until its end is written', async () => {
  await using service = start('block');
  assert.deepEqual(await service.ended(), { code: 0, signal: null });
  assert.deepEqual(
    linesOf(service).map(({ message }) => message),
    ['while blocked'],
  );
});

test('P2 a thread that is terminated loses no record', async () => {
  await using service = start('terminate');
  assert.deepEqual(await service.ended(), { code: 0, signal: null });
  assert.deepEqual(
    linesOf(service).map(({ message }) => message),
    ['before the end'],
  );
});

test('P2 a thread that logs faster than it can be written is bounded, and what is dropped is counted', async () => {
  await using service = start('flood');
  assert.deepEqual(await service.ended(), { code: 0, signal: null });
  const written = linesOf(service).length;
  assert.ok(written >= 1000 && written <= 20_000, String(written));
});

test('P2 threads of a script that is not observed leave nothing behind', async () => {
  await using service = start('silent');
  assert.deepEqual(await service.ended(), { code: 0, signal: null });
  assert.equal(service.stderr, '');
  assert.equal(existsSync(join(service.cwd, 'logs')), false);
});
