import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'acorn';
import { fixture, REGISTER, REPOSITORY, Service } from '../helpers/service.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = (): string => temporaryFolder('preload');

/** Node older than ours, where the machine has one: the user's own, or one that CI installs. */
const oldNodes = [process.env['OLD_NODE'], process.env['npm_node_execpath']].filter((path) => {
  if (path === undefined || path === '') return false;
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).slice(1).split('.').map(Number);
  return (version[0] ?? 99) < 22;
}) as string[];

test('the preload is written in syntax that any Node parses', () => {
  const text = readFileSync(REGISTER, 'utf8');
  assert.doesNotThrow(() => parse(text, { ecmaVersion: 5, sourceType: 'script' }));
});

test(
  'on an old Node the preload says one line and the service runs',
  { skip: oldNodes.length === 0 && 'no Node older than 22 here: set OLD_NODE' },
  () => {
    for (const node of oldNodes) {
      const run = spawnSync(node, ['--require', REGISTER, '-e', 'console.log("served"); process.exit(4)'], {
        encoding: 'utf8',
        cwd: folder(),
      });
      assert.equal(run.stdout, 'served\n');
      assert.equal(run.status, 4);
      assert.match(
        run.stderr,
        /^\[monitoring\] \[MON_NODE_TOO_OLD\] Node\.js [\d.]+ is not supported: expected 22\.15\.0 or newer\. .*\n$/,
      );
    }
  },
);

test('a service without permission for worker threads runs, with one log line', () => {
  const cwd = folder();
  const script = join(cwd, 'app.cjs');
  writeFileSync(
    script,
    `require('node:http').createServer().listen(0, function () { console.log('up'); this.close(); });`,
  );
  const args = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--require', REGISTER, script];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', cwd });
  assert.equal(run.stdout, 'up\n');
  assert.equal(run.status, 0);
  assert.match(run.stderr, /MON_WORKER_FORBIDDEN/);
});

test('a process that observes nothing leaves no file and no word', () => {
  const cwd = folder();
  const run = spawnSync(process.execPath, ['--require', REGISTER, fixture('cpu.cjs')], {
    encoding: 'utf8',
    cwd,
  });
  assert.equal(run.stderr, '');
  assert.equal(run.status, 0);
  assert.deepEqual(readdirSync(cwd), []);
});

test('with NODE_OPTIONS neither npm nor tsc start a monitor or write a file', () => {
  const cwd = folder();
  writeFileSync(
    join(cwd, 'package.json'),
    JSON.stringify({ name: 'app', scripts: { hello: 'node -p 1+1' } }),
  );
  writeFileSync(join(cwd, 'a.ts'), 'export const a: number = 1;\n');
  const env = { ...process.env, NODE_OPTIONS: `--require ${REGISTER}` };
  const npm = spawnSync('npm', ['run', '--silent', 'hello'], { encoding: 'utf8', cwd, env });
  assert.equal(npm.stdout, '2\n');
  assert.equal(npm.stderr, '');
  const tsc = spawnSync(
    process.execPath,
    [join(REPOSITORY, 'node_modules/typescript/bin/tsc'), '--noEmit', 'a.ts'],
    { encoding: 'utf8', cwd, env },
  );
  assert.equal(tsc.stdout + tsc.stderr, '');
  assert.deepEqual(readdirSync(cwd).toSorted(), ['a.ts', 'package.json']);
});

test('with NODE_OPTIONS the service is observed with its own worker threads, by one agent', async () => {
  await using service = new Service(fixture('own-workers.cjs'), {
    nodeArgs: [],
    env: { NODE_OPTIONS: `--require ${REGISTER}` },
  });
  const [, worker] = await service.line(/worker (\d+)/);
  await fetch(await service.url());
  assert.equal(await (await fetch(`http://127.0.0.1:${worker}`)).text(), 'worker');
  const page = await service.metricsWith(/^http_requests_total\{.*\} 2$/m);
  assert.match(page, /^monitoring_agents 1$/m);
  assert.equal(service.stderr.match(/ started for /g)?.length, 1);
});

test('loaded twice, by flag and by NODE_OPTIONS, requests are counted once', async () => {
  await using service = new Service(fixture('web.cjs'), { env: { NODE_OPTIONS: `--require ${REGISTER}` } });
  await fetch(await service.url());
  await service.metricsWith(/^http_requests_total\{endpoint="unmatched",method="GET",status="200"\} 1$/m);
});

test('a service that ends by signal-exit still ends on SIGTERM, with a collector set as well', async () => {
  for (const env of [{}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }]) {
    await using service = new Service(fixture('signal-exit.cjs'), { env });
    await service.url();
    service.kill('SIGTERM');
    assert.deepEqual(await service.ended(), { code: null, signal: 'SIGTERM' });
    assert.match(service.stdout, /cleaned up SIGTERM/);
  }
});

for (const [how, nodeArgs] of [
  ['--require', ['--require', REGISTER]],
  ['--import', ['--import', REGISTER]],
] as const) {
  test(`${how} watches an ES module as well as a CommonJS service`, async () => {
    const cwd = folder();
    writeFileSync(
      join(cwd, 'app.mjs'),
      readFileSync(fixture('web.cjs'), 'utf8').replace(
        "const http = require('node:http');",
        "import http from 'node:http';",
      ),
    );
    for (const script of [fixture('web.cjs'), join(cwd, 'app.mjs')]) {
      await using service = new Service(script, { nodeArgs });
      await fetch(await service.url());
      await service.metricsWith(/^http_requests_total\{.*\} 1$/m);
    }
  });
}

test('a monitor out of memory leaves the service alive and is started again', async () => {
  const env = {
    MONITORING_PACKAGE: join(REPOSITORY, 'dist', 'index.cjs'),
    MONITORING_MAX_MEMORY_MB: '32',
    MONITORING_MAX_LABEL_VALUES: '100000',
    MONITORING_RULES_INTERVAL: '200ms',
  };
  await using service = new Service(fixture('many-series.cjs'), { env });
  const url = await service.url();
  await service.line(/\[MON_MONITOR_DIED\].*memory.* Now: restarting it in 1 s\./, 'stderr');
  assert.equal((await fetch(url)).status, 200);
  service.kill('SIGTERM');
  assert.deepEqual(await service.ended(), { code: null, signal: 'SIGTERM' });
});

test('P12 OTEL_SDK_DISABLED=true: nothing is observed, started or written, and one line has the reason', () => {
  const cwd = folder();
  const script = join(cwd, 'app.cjs');
  const env = { ...process.env, OTEL_SDK_DISABLED: 'true' };
  const run = (text: string): string => {
    writeFileSync(script, text);
    const { stdout, stderr } = spawnSync(process.execPath, ['--require', REGISTER, script], {
      encoding: 'utf8',
      cwd,
      env,
    });
    return stdout + stderr;
  };
  const listen = `require('node:http').createServer().listen(0, function () { this.close(); });`;
  assert.equal(
    run(listen + listen),
    '[monitoring] [MON_DISABLED] OTEL_SDK_DISABLED=true switches monitoring off. Now: nothing of this service is observed. You can: remove the variable to observe it.\n',
  );
  assert.equal(run(`console.log('a script');`), 'a script\n');
  assert.deepEqual(readdirSync(cwd), ['app.cjs']);
});

test('P12 a preload without /register is reported in one line, in the service only', () => {
  const cwd = folder();
  mkdirSync(join(cwd, 'node_modules', '@geometra'), { recursive: true });
  symlinkSync(REPOSITORY, join(cwd, 'node_modules', '@geometra', 'monitoring'));
  writeFileSync(join(cwd, 'app.cjs'), `setTimeout(() => console.log('up'), 50);`);
  const run = (args: readonly string[], options = ''): string =>
    spawnSync(process.execPath, [...args, 'app.cjs'], {
      encoding: 'utf8',
      cwd,
      env: { ...process.env, NODE_OPTIONS: options },
    }).stderr;
  const line = /^\[monitoring\] \[MON_PRELOAD\] .*--require @geometra\/monitoring\/register.*\n$/;
  assert.match(run(['--require', '@geometra/monitoring']), line);
  assert.match(run(['--import=@geometra/monitoring']), line);
  assert.match(run([], '-r @geometra/monitoring'), line);
  assert.equal(run(['--require', '@geometra/monitoring', '--require', '@geometra/monitoring/register']), '');
});

test('P12 OTEL_METRICS_EXPORTER=none, as set for another SDK, is reported in one line', async () => {
  await using service = new Service(fixture('web.cjs'), { env: { OTEL_METRICS_EXPORTER: 'none' } });
  assert.equal((await fetch(await service.url())).status, 200);
  await service.line(
    /\[MON_METRICS_OFF\] OTEL_METRICS_EXPORTER: no exporter for metrics: got "none"\./,
    'stderr',
  );
});

test('a taken port, an unwritable log folder and malformed settings: one clear line each, the service runs', async () => {
  await using holder = new Service(fixture('web.cjs'));
  const port = (await holder.monitorUrl()).split(':').at(-1) as string;
  const cwd = folder();
  writeFileSync(join(cwd, 'file'), '');
  await using service = new Service(fixture('web.cjs'), {
    cwd,
    env: {
      OTEL_EXPORTER_PROMETHEUS_PORT: port,
      MONITORING_LOG_DIR: 'file/logs',
      MONITORING_RULES_INTERVAL: 'soon',
      MONITORING_TYPO: '1',
    },
  });
  assert.equal((await fetch(await service.url())).status, 200);
  await service.line(/MON_PORT_TAKEN/, 'stderr');
  assert.match(
    service.stderr,
    /\[MON_CONFIG_VALUE\] invalid value "soon" for MONITORING_RULES_INTERVAL: expected a duration from 100ms to 1h such as 15s or 500ms\. Now: using 15s\./,
  );
  assert.match(service.stderr, /\[MON_CONFIG_UNKNOWN\] unknown setting MONITORING_TYPO/);
  assert.match(service.stderr, /\[MON_LOG_DIR\]/);
});
