import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { OtlpSink } from '../helpers/otlp-sink.ts';
import { fixture, REPOSITORY, Service, type End } from '../helpers/service.ts';

const PACKAGE = { MONITORING_PACKAGE: join(REPOSITORY, 'dist', 'index.cjs') };
const expected = ['record 1', 'record 2', 'record 3'];

interface Case {
  readonly name: string;
  readonly end: string;
  readonly signal?: NodeJS.Signals;
  /** How the same program ends without the preload. */
  readonly bare: End;
  readonly more?: readonly string[];
  /** What the log `app` has of it. */
  readonly app?: readonly string[];
}

const cases: readonly Case[] = [
  { name: 'return', end: 'return', bare: { code: 0, signal: null } },
  { name: 'process.exit', end: 'exit', bare: { code: 7, signal: null } },
  {
    name: 'an uncaught throw',
    end: 'throw',
    bare: { code: 1, signal: null },
    app: ['uncaught exception: Error: on purpose'],
  },
  {
    name: 'an unhandled rejection',
    end: 'reject',
    bare: { code: 1, signal: null },
    app: ['unhandled rejection: Error: never awaited'],
  },
  {
    name: 'SIGTERM without a listener',
    end: 'wait',
    signal: 'SIGTERM',
    bare: { code: null, signal: 'SIGTERM' },
  },
  {
    name: 'SIGINT without a listener',
    end: 'wait',
    signal: 'SIGINT',
    bare: { code: null, signal: 'SIGINT' },
  },
  {
    name: 'SIGTERM with a listener',
    end: 'handle',
    signal: 'SIGTERM',
    bare: { code: 3, signal: null },
    more: ['got SIGTERM'],
  },
  {
    name: 'SIGINT with a listener',
    end: 'handle',
    signal: 'SIGINT',
    bare: { code: 3, signal: null },
    more: ['got SIGINT'],
  },
  { name: 'SIGTERM to itself as its last act', end: 'self', bare: { code: null, signal: 'SIGTERM' } },
  {
    name: 'return with a record of a late exit listener',
    end: 'late',
    bare: { code: 0, signal: null },
    more: ['very last'],
  },
];

async function run(
  { end, signal }: Case,
  env: Record<string, string>,
): Promise<{ service: Service; how: End }> {
  const service = new Service(fixture('logging.cjs'), { args: [end], env: { ...PACKAGE, ...env } });
  if (signal) {
    await new Promise((ready) => service.child.once('message', ready));
    service.kill(signal);
  }
  return { service, how: await service.ended() };
}

/** Messages of a daily file, without the lines of stacks. */
const messages = (service: Service, application = 'api'): string[] =>
  service
    .dailyLines(application)
    .filter((line) => /^\d{4}-/.test(line))
    .map((line) =>
      line
        .split(' - ')
        .slice(3)
        .join(' - ')
        .replace(/ [\w.]+=.*$/, ''),
    );

describe('without a collector', () => {
  for (const one of cases) {
    test(`${one.name}: same end, every record in the daily file`, async () => {
      const { service, how } = await run(one, {});
      await using _owned = service;
      assert.deepEqual(how, one.bare);
      assert.deepEqual(messages(service), [...expected, ...(one.more ?? [])]);
      assert.deepEqual(messages(service, 'app'), one.app ?? []);
    });
  }
});

describe('with a collector', () => {
  for (const one of cases) {
    test(`${one.name}: same end, every record in the daily file and in the collector`, async () => {
      await using sink = await OtlpSink.start();
      // On a busy machine a monitor may not be up within the half second that the end waits for it.
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, MONITORING_EXIT_DEADLINE: '20s' };
      const { service, how } = await run(one, env);
      await using _owned = service;
      assert.deepEqual(how, one.bare);
      const all = [...expected, ...(one.more ?? [])];
      assert.deepEqual(messages(service), all);
      assert.deepEqual(sink.bodies, [...all, ...(one.app ?? [])]);
    });
  }

  test('SIGKILL: every record whose log call had returned comes with the next start, once', async () => {
    await using sink = await OtlpSink.start();
    sink.failWith = 503;
    const env = { ...PACKAGE, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
    await using killed = new Service(fixture('logging.cjs'), { args: ['wait', '500'], env });
    await new Promise((ready) => killed.child.once('message', ready));
    killed.kill('SIGKILL');
    await killed.ended();
    sink.failWith = undefined;
    await using next = new Service(fixture('logging.cjs'), { args: ['wait', '1'], env, cwd: killed.cwd });
    await sink.until(() => sink.records.length >= 502, '502 records');
    next.kill('SIGTERM');
    await next.ended();
    const wanted = Array.from({ length: 500 }, (_, at) => `record ${at + 1}`);
    const killedAt = sink.bodies.find((body) => body.startsWith('the process before'));
    assert.deepEqual(sink.bodies.toSorted(), [...wanted, 'record 1', String(killedAt)].toSorted());
    assert.deepEqual(messages(killed).toSorted(), [...wanted, 'record 1'].toSorted());
    assert.equal(new Set(sink.records.map((record) => record.attributes['log.record.uid'])).size, 502);
  });

  test('a collector that is away does not hold up the end', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
    const { service, how } = await run({ name: '', end: 'return', bare: { code: 0, signal: null } }, env);
    await using _owned = service;
    assert.deepEqual(how, { code: 0, signal: null });
    assert.deepEqual(messages(service), expected);
  });
});

test('lines missing from the daily file of a killed process are written by the next one, also when the collector is no longer set', async () => {
  const env = { ...PACKAGE, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
  await using killed = new Service(fixture('logging.cjs'), { args: ['wait', '500'], env });
  await new Promise((ready) => killed.child.once('message', ready));
  killed.kill('SIGKILL');
  await killed.ended();
  await using next = new Service(fixture('web.cjs'), { cwd: killed.cwd });
  await next.monitorUrl();
  const wanted = Array.from({ length: 500 }, (_, at) => `record ${at + 1}`);
  assert.deepEqual(messages(killed), wanted);
});
