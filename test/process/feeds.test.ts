import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { folderWith } from '../helpers/cli/cli.ts';
import { fixture, Service } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

interface Receiver {
  readonly url: string;
  /** The bodies of the first `count` requests, once so many have come. */
  received(count: number): Promise<readonly string[]>;
}

async function receiver(t: TestContext): Promise<Receiver> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      response.end();
      bodies.push(body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret`,
    async received(count) {
      await until(() => bodies.length >= count);
      return bodies.slice(0, count);
    },
  };
}

const LIMIT = { timeout: 60_000 };

test('a heartbeat address is called again and again, also without the default rules', LIMIT, async (t) => {
  const heartbeat = await receiver(t);
  await using service = new Service(fixture('web.cjs'), {
    env: {
      MONITORING_HEARTBEAT_URL: heartbeat.url,
      MONITORING_HEARTBEAT_INTERVAL: '1s',
      MONITORING_RULES_INTERVAL: '200ms',
      MONITORING_DEFAULT_RULES: 'false',
    },
  });
  const calls = await heartbeat.received(3);
  for (const call of calls) assert.deepEqual(JSON.parse(call), { alertname: 'Watchdog', status: 'firing' });
  const page = await service.metrics();
  assert.match(page, /^ALERTS\{alertname="Watchdog",.*alertstate="firing"\} 1$/m);
  assert.match(page, /^monitoring_notifications_total\{channel="heartbeat",result="delivered"\} [1-9]/m);
  assert.doesNotMatch(service.stderr + page, /secret/);
});

test('an Alertmanager gets the Watchdog, and both know the address of the pages', LIMIT, async (t) => {
  const [alertmanager, webhook] = [await receiver(t), await receiver(t)];
  const cwd = folderWith(t, {
    'rules.yml': '- {name: Always, condition: vector(1), description: "see {{ $externalURL }}"}\n',
  });
  const env = {
    MONITORING_ALERTMANAGER_URL: alertmanager.url,
    MONITORING_WEBHOOK_URL: webhook.url,
    MONITORING_NOTIFY_GROUP_WAIT: '0s',
    MONITORING_RULES: join(cwd, 'rules.yml'),
    MONITORING_RULES_INTERVAL: '200ms',
  };
  await using service = new Service(fixture('web.cjs'), { env });
  const url = await service.monitorUrl();
  const [posted = ''] = await webhook.received(1);
  const { externalURL, alerts } = JSON.parse(posted) as {
    externalURL: string;
    alerts: { annotations: Record<string, string> }[];
  };
  assert.equal(externalURL, url);
  assert.equal(alerts[0]?.annotations['description'], `see ${url}`);
  const sent = (await alertmanager.received(1)).flatMap(
    (body) => JSON.parse(body) as { labels: Record<string, string>; generatorURL: string }[],
  );
  const names = sent.map(({ labels }) => labels['alertname']);
  assert.ok(names.includes('Watchdog'), names.join(' '));
  assert.ok(names.includes('Always'), names.join(' '));
  assert.ok(sent.every(({ generatorURL }) => generatorURL === url));

  const named = { ...env, MONITORING_EXTERNAL_URL: 'https://monitor.example.org/shop/' };
  await using other = new Service(fixture('web.cjs'), { env: named });
  await other.monitorUrl();
  const [, again = ''] = await webhook.received(2);
  assert.match(again, /"externalURL":"https:\/\/monitor\.example\.org\/shop"/);
});
