import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

const repository = join(import.meta.dirname, '..', '..', '..');

/** Registers in a program of its own, whose package.json is given, and says what became global. */
const PROGRAM = `
  import { metrics, logs } from '@opentelemetry/api';
  import { logs as legacyLogs } from '@opentelemetry/api-logs';
  import { LoggerProvider } from '@opentelemetry/sdk-logs';
  import { MeterProvider } from '@opentelemetry/sdk-metrics';
  const [mode, before] = process.argv.slice(2);
  if (before === 'registered') metrics.setGlobalMeterProvider(new MeterProvider());
  const { registerGlobals } = await import('REPOSITORY/src/agent/opentelemetry/globals.ts');
  const ours = [new MeterProvider(), new LoggerProvider()];
  const said = [];
  const log = { debug: (text) => said.push(text) };
  const did = registerGlobals(mode, ours[0], ours[1], process.cwd(), log);
  console.log(JSON.stringify({
    did,
    metrics: metrics.getMeterProvider() === ours[0],
    logs: legacyLogs.getLoggerProvider() === ours[1] ||
      legacyLogs.getLoggerProvider().getDelegate?.() === ours[1],
    apiLogs: logs.getLoggerProvider() === ours[1] || logs.getLoggerProvider().getDelegate?.() === ours[1],
    said: said.length,
  }));`;

interface Result {
  readonly did: boolean;
  readonly metrics: boolean;
  readonly logs: boolean;
  readonly apiLogs: boolean;
  readonly said: number;
}

function run(t: TestContext, mode: string, dependencies: object | undefined, before = ''): Result {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'globals-')));
  t.after(() => rmSync(folder, { recursive: true }));
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'app.mjs'), PROGRAM.replace('REPOSITORY', repository));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'app', ...(dependencies && { dependencies }) }),
  );
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'app.mjs'), mode, before], {
    encoding: 'utf8',
    cwd: folder,
  });
  assert.equal(stderr, '');
  return JSON.parse(stdout) as Result;
}

const all: Result = { did: true, metrics: true, logs: true, apiLogs: true, said: 0 };
const none: Result = { did: false, metrics: false, logs: false, apiLogs: false, said: 0 };

test('a service without an SDK gets ours, for metrics and on both globals for logs', (t) => {
  assert.deepEqual(run(t, 'auto', undefined), all);
  assert.deepEqual(
    run(t, 'auto', { express: '5', '@opentelemetry/api': '1', '@opentelemetry/api-logs': '0' }),
    all,
  );
});

test('beside an SDK of the service, whoever made it, ours stays private and says so', (t) => {
  for (const name of [
    '@opentelemetry/sdk-node',
    '@opentelemetry/auto-instrumentations-node',
    '@sentry/node',
    'dd-trace',
  ])
    assert.deepEqual(run(t, 'auto', { [name]: '*' }), { ...none, said: 1 }, name);
});

test('where something is registered already ours stays private', (t) => {
  assert.deepEqual(run(t, 'auto', undefined, 'registered'), { ...none, said: 1 });
});

test('the setting overrides what was found', (t) => {
  assert.deepEqual(run(t, 'never', undefined), none);
  assert.deepEqual(run(t, 'always', { '@opentelemetry/sdk-node': '*' }), all);
});
