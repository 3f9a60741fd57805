import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { defaultGroups } from '../../../../src/alerts/default-rules/index.ts';
import { setUpChannels } from '../../../../src/alerts/notifications/channels.ts';
import { createAlertmanagerChannel } from '../../../../src/alerts/notifications/http/alertmanager-channel.ts';
import { fingerprint } from '../../../../src/alerts/notifications/http/fingerprint.ts';
import { createHeartbeatChannel } from '../../../../src/alerts/notifications/http/heartbeat-channel.ts';
import { type HttpTarget, targetOf } from '../../../../src/alerts/notifications/http/post-json.ts';
import { createWebhookChannel } from '../../../../src/alerts/notifications/http/webhook-channel.ts';
import { readSettings } from '../../../../src/config/read-settings.ts';
import { formatProblem } from '../../../../src/errors.ts';
import { Rig } from '../../../helpers/alerts/rig.ts';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

interface Receiver {
  readonly target: HttpTarget;
  readonly received: Received[];
  status: number;
}

async function receiverFor(t: TestContext, path = ''): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      if (receiver.status < 300) {
        received.push({
          path: request.url ?? '',
          headers: request.headers,
          body: JSON.parse(text) as unknown,
        });
      }
      response.writeHead(receiver.status).end('whatever');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = { target: targetOf(`http://127.0.0.1:${port}${path}`)!, received, status: 200 };
  return receiver;
}

const HOT = '- {name: Hot, condition: temperature > 30, severity: page, description: "{{ $value }} degrees"}';

describe('webhook', () => {
  test('alerts are posted in the format of Alertmanager', async (t) => {
    const receiver = await receiverFor(t, '/hook?token=x');
    const channel = createWebhookChannel(receiver.target, 0, {
      externalUrl: () => 'http://monitor.example.org',
      maxAlerts: 2,
      groupBy: ['alertname'],
    });
    const rig = new Rig({ rules: HOT, channel });
    for (const room of ['a', 'b', 'c']) rig.gauge('temperature', 35, { room });
    await rig.at(0);
    for (const room of ['a', 'b', 'c']) rig.gauge('temperature', 25, { room });
    await rig.at(15);
    const [firing, resolved] = receiver.received;
    assert.equal(firing?.path, '/hook?token=x');
    assert.equal(firing?.headers['content-type'], 'application/json');
    const labels = { alertname: 'Hot', room: 'a', severity: 'page' };
    const alert = {
      status: 'firing',
      labels,
      annotations: { description: '35 degrees' },
      startsAt: '2026-11-24T06:00:00.000Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://monitor.example.org',
      fingerprint: fingerprint(labels),
    };
    assert.ok(firing);
    const { alerts, ...rest } = firing.body as { alerts: unknown[] };
    assert.deepEqual(alerts[0], alert);
    assert.equal(alerts.length, 2);
    assert.deepEqual(rest, {
      version: '4',
      groupKey: '[["alertname","Hot"]]',
      truncatedAlerts: 1,
      status: 'firing',
      receiver: 'webhook',
      groupLabels: { alertname: 'Hot' },
      commonLabels: { alertname: 'Hot', severity: 'page' },
      commonAnnotations: { description: '35 degrees' },
      externalURL: 'http://monitor.example.org',
    });
    const last = resolved?.body as { status: string; alerts: { endsAt: string }[] };
    assert.equal(last.status, 'resolved');
    assert.equal(last.alerts[0]?.endsAt, '2026-11-24T06:00:15.000Z');
  });

  test('a receiver that fails for a while gets everything afterwards, once', async (t) => {
    const receiver = await receiverFor(t);
    receiver.status = 503;
    const channel = createWebhookChannel(receiver.target, 0, {
      externalUrl: () => '',
      maxAlerts: 20,
      groupBy: [],
    });
    const rig = new Rig({ rules: HOT, channel });
    await rig.gauge('temperature', 35).at(0);
    await rig.until(600);
    assert.ok(
      rig.log.lines.some((line) => /\[MON_NOTIFY\] webhook at 127\.0\.0\.1:\d+: .* answered 503/.test(line)),
    );
    receiver.status = 204;
    await rig.until(1200);
    assert.equal(receiver.received.length, 1);
  });

  test('a content that is refused is tried seldom', async (t) => {
    const receiver = await receiverFor(t);
    receiver.status = 400;
    const channel = createWebhookChannel(receiver.target, 0, {
      externalUrl: () => '',
      maxAlerts: 20,
      groupBy: [],
    });
    const rig = new Rig({ rules: HOT, channel });
    await rig.gauge('temperature', 35).at(0);
    await rig.until(600);
    const { failed } = rig.evaluator.status().channels[0]!;
    assert.ok(failed >= 3 && failed <= 5, `${failed} attempts`);
  });
});

describe('Alertmanager', () => {
  test('gets every alert at once and again each minute, and the end of each', async (t) => {
    const receiver = await receiverFor(t, '/prefix/');
    const holder: { rig?: Rig } = {};
    const channel = createAlertmanagerChannel(
      receiver.target,
      0,
      () => 'http://m',
      () => holder.rig!.nowMs,
    );
    const rig = new Rig({
      rules: `${HOT}\n- {name: Quiet, condition: temperature > 30, severity: none}\n`,
      channel,
    });
    holder.rig = rig;
    await rig.gauge('temperature', 35).at(0);
    await rig.until(120);
    assert.deepEqual(
      receiver.received.map(({ path }) => path),
      Array<string>(3).fill('/prefix/api/v2/alerts'),
    );
    assert.deepEqual(receiver.received[1]?.body, [
      {
        labels: { alertname: 'Hot', severity: 'page' },
        annotations: { description: '35 degrees' },
        startsAt: '2026-11-24T06:00:00.000Z',
        endsAt: '2026-11-24T06:05:00.000Z',
        generatorURL: 'http://m',
      },
      {
        labels: { alertname: 'Quiet', severity: 'none' },
        annotations: {},
        startsAt: '2026-11-24T06:00:00.000Z',
        endsAt: '2026-11-24T06:05:00.000Z',
        generatorURL: 'http://m',
      },
    ]);
    await rig.gauge('temperature', 20).until(135);
    const last = receiver.received.at(-1)?.body as { endsAt: string }[];
    assert.deepEqual(
      last.map(({ endsAt }) => endsAt),
      ['2026-11-24T06:02:15.000Z', '2026-11-24T06:02:15.000Z'],
    );
    const sent = receiver.received.length;
    await rig.until(135 + 7200);
    assert.equal(
      receiver.received.length,
      sent + 15,
      'the end is sent again each minute for a quarter of an hour',
    );
    assert.ok(!rig.log.lines.some((line) => line.includes('notified about')), 'a feed is no news');
  });

  test('an alert that fires again is sent again; silences are left to the Alertmanager', async (t) => {
    const receiver = await receiverFor(t);
    const rig = new Rig({ rules: HOT, channel: createAlertmanagerChannel(receiver.target, 0, () => '') });
    const startsAtMs = rig.nowMs;
    const silence = { startsAtMs, endsAtMs: startsAtMs + 3_600_000, comment: '', createdBy: '' };
    rig.notifier.silences.add({ ...silence, matchers: 'alertname="Hot"' });
    await rig.gauge('temperature', 35).at(0);
    await rig.gauge('temperature', 20).at(15);
    await rig.gauge('temperature', 35).at(30);
    const starts = receiver.received.map(({ body }) => (body as { startsAt: string }[])[0]?.startsAt);
    assert.deepEqual(starts, [
      '2026-11-24T06:00:00.000Z',
      '2026-11-24T06:00:00.000Z',
      '2026-11-24T06:00:30.000Z',
    ]);
  });

  test('while it is away alerts are kept, and sent as they stand when it is back', async (t) => {
    const receiver = await receiverFor(t);
    receiver.status = 500;
    const rig = new Rig({ rules: HOT, channel: createAlertmanagerChannel(receiver.target, 0, () => '') });
    await rig.gauge('temperature', 35).at(0);
    await rig.until(300);
    assert.equal(rig.evaluator.status().channels[0]?.waiting, 1);
    receiver.status = 200;
    await rig.until(480);
    assert.ok(receiver.received.length >= 1);
    assert.equal(rig.evaluator.status().channels[0]?.waiting, 0);
  });

  test('many alerts go in batches', async (t) => {
    const receiver = await receiverFor(t);
    const rig = new Rig({ rules: HOT, channel: createAlertmanagerChannel(receiver.target, 0, () => '') });
    for (let i = 0; i < 600; i++) rig.gauge('temperature', 35, { room: String(i) });
    await rig.at(0);
    assert.deepEqual(
      receiver.received.map(({ body }) => (body as unknown[]).length),
      [256, 256, 88],
    );
  });
});

describe('heartbeat', () => {
  test('is called each minute while rules are evaluated, and not for other alerts', async (t) => {
    const receiver = await receiverFor(t);
    const holder: { rig?: Rig } = {};
    const channel = createHeartbeatChannel(receiver.target, {
      everyMs: 60_000,
      rulesIntervalMs: 15_000,
      now: () => holder.rig!.nowMs,
    });
    const rig = new Rig({ groups: defaultGroups({ watchdog: true }), channel });
    holder.rig = rig;
    await rig.gauge('system_disk_usage', 99).at(0);
    await rig.until(300);
    assert.equal(receiver.received.length, 6);
    assert.ok(!rig.log.lines.some((line) => line.includes('alert firing: Watchdog')));
  });

  test('ends when rules are no longer evaluated', async (t) => {
    const receiver = await receiverFor(t);
    const holder: { rig?: Rig; fails: boolean } = { fails: false };
    const channel = createHeartbeatChannel(receiver.target, {
      everyMs: 60_000,
      rulesIntervalMs: 15_000,
      now: () => holder.rig!.nowMs,
    });
    const source = new Rig({});
    const rig = new Rig({
      groups: defaultGroups({ watchdog: true }),
      channel,
      metrics: {
        meter: source.metrics.meter,
        collect: () => (holder.fails ? Promise.reject(new Error('gone')) : source.metrics.collect()),
      },
    });
    holder.rig = rig;
    await rig.at(0);
    holder.fails = true;
    await rig.until(3600);
    assert.equal(receiver.received.length, 3);
  });

  test('goes on with rules that are evaluated more seldom than it is called', async (t) => {
    const receiver = await receiverFor(t);
    const holder: { rig?: Rig } = {};
    const options = { everyMs: 60_000, rulesIntervalMs: 600_000, now: () => holder.rig!.nowMs };
    const channel = createHeartbeatChannel(receiver.target, options);
    const rig = new Rig({ groups: defaultGroups({ watchdog: true }), channel, intervalMs: 600_000 });
    holder.rig = rig;
    await rig.at(0);
    await rig.until(3600);
    assert.equal(receiver.received.length, 61);
  });

  test('nobody is notified of the rule that always fires', async () => {
    const rig = new Rig({ groups: defaultGroups({ watchdog: true }) });
    await rig.at(0);
    await rig.until(60);
    assert.deepEqual(rig.alerts, ['Watchdog firing']);
    assert.deepEqual(rig.list.sent, []);
  });
});

describe('addresses in the settings', () => {
  const setUp = (env: Record<string, string>): ReturnType<typeof setUpChannels> =>
    setUpChannels({ settings: readSettings(env, () => '').settings, service: 'shop', readFile: () => '' });

  test('each address is a channel, shown without path and login', () => {
    const { channels, problems } = setUp({
      MONITORING_WEBHOOK_URL: 'http://a.example.org/secret,https://b.example.org/?token=secret',
      MONITORING_ALERTMANAGER_URL: 'http://user:secret@am.example.org:9093',
      MONITORING_HEARTBEAT_URL: 'https://hc.example.org/uuid',
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      channels.map(({ name, title }) => [name, title]),
      [
        ['webhook', 'webhook at a.example.org'],
        ['webhook 2', 'webhook at b.example.org'],
        ['alertmanager', 'Alertmanager at am.example.org:9093'],
        ['heartbeat', 'heartbeat to hc.example.org'],
      ],
    );
  });

  test('what is no address is reported without being shown', () => {
    const { channels, problems } = setUp({ MONITORING_WEBHOOK_URL: 'secret-token,ftp://secret' });
    assert.deepEqual(channels, []);
    assert.equal(problems.length, 1);
    assert.match(
      formatProblem(problems[0]!),
      /MONITORING_WEBHOOK_URL: expected addresses that start with http/,
    );
    assert.doesNotMatch(formatProblem(problems[0]!), /secret/);
  });

  test('user and password become a header', () => {
    assert.deepEqual(targetOf('http://us%40er:pa%3Ass@h.example.org/x'), {
      url: 'http://h.example.org/x',
      headers: { authorization: `Basic ${Buffer.from('us@er:pa:ss').toString('base64')}` },
    });
  });

  test('severities with recipients of their own', () => {
    const env = { SMTP_HOST: 'h', SMTP_USER: 'u@example.org', SMTP_TO: 'all@example.org' };
    const { channels, problems } = setUp({
      ...env,
      SMTP_TO_BY_SEVERITY: 'critical=on@example.org;call@example.org,info=log@example.org',
    });
    assert.deepEqual(problems, []);
    const alert = (severity: string): Parameters<NonNullable<(typeof channels)[0]['accepts']>>[0] => ({
      kind: 'firing',
      id: '1',
      name: 'A',
      labels: { severity },
      annotations: {},
      value: 1,
      activeAtMs: 0,
      firedAtMs: 0,
      evaluatedAtMs: 0,
      rule: { expr: '', forMs: 0, where: '' },
    });
    const tells = (severity: string): string[] =>
      channels.filter(({ accepts }) => accepts?.(alert(severity))).map(({ title }) => title);
    assert.deepEqual(tells('critical'), ['mail to on@example.org, call@example.org']);
    assert.deepEqual(tells('info'), ['mail to log@example.org']);
    assert.deepEqual(tells('warning'), ['mail to all@example.org']);
    assert.deepEqual(tells(''), ['mail to all@example.org']);
    assert.deepEqual(tells('none'), []);
    assert.equal(new Set(channels.map(({ name }) => name)).size, 3);
  });
});

test('fingerprints are those of Prometheus', () => {
  // Values of the FNV-1a function over the bytes that common/model/signature.go feeds it.
  assert.equal(fingerprint({}), 'cbf29ce484222325');
  assert.equal(fingerprint({ a: '1' }), fingerprint({ a: '1' }));
  assert.notEqual(fingerprint({ a: '12' }), fingerprint({ a1: '2' }));
});
