import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type MailServer, PASSWORD, startMailServer, USER } from '../helpers/alerts/mail-server.ts';
import { fixture, Service } from '../helpers/service.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

function mailSettings(server: MailServer): Record<string, string> {
  const folder = temporaryFolder('mail');
  writeFileSync(join(folder, 'ca.pem'), server.certificate.cert);
  writeFileSync(join(folder, 'password'), `${PASSWORD}\n`);
  return {
    SMTP_HOST: 'localhost',
    SMTP_PORT: String(server.port),
    SMTP_USER: USER,
    SMTP_PASSWORD_FILE: join(folder, 'password'),
    SMTP_TO: 'ops@example.org',
    SMTP_CA_FILE: join(folder, 'ca.pem'),
  };
}

test('an event loop blocked for 30 s: the alert on it is mailed meanwhile', async () => {
  const server = await startMailServer();
  try {
    await using service = new Service(fixture('web.cjs'), { env: mailSettings(server) });
    const url = await service.url();
    await service.metricsWith(/^monitoring_agent_up 1$/m);
    await fetch(`${url}/block?ms=30000`);
    let answered = false;
    const waiting = fetch(`${url}/`).then(
      () => {
        answered = true;
      },
      () => {},
    );
    const [mail] = await server.received(1);
    assert.equal(answered, false, 'the service is still blocked');
    assert.equal(mail?.subject, 'Alert: EventLoopBlocked');
    assert.match(mail?.text ?? '', /monitoring_agent_up/);
    assert.deepEqual(server.sessions, [{ secure: true, user: USER }]);
    assert.match(
      await service.metrics(),
      /^ALERTS\{alertname="EventLoopBlocked",.*alertstate="firing"\} 1$/m,
    );
    service.kill('SIGKILL');
    await waiting;
  } finally {
    await server.close();
  }
});

test('a malformed rule is logged with file, line and column; the other rules of the file work', async () => {
  const folder = temporaryFolder('rules');
  const file = join(folder, 'rules.yml');
  writeFileSync(
    file,
    [
      '- name: Broken',
      '  condition: sum(rate(http_requests_total[5m]) >',
      '- name: Works',
      '  condition: monitoring_agent_up == 1',
      '',
    ].join('\n'),
  );
  await using service = new Service(fixture('web.cjs'), {
    env: { MONITORING_RULES: file, MONITORING_RULES_INTERVAL: '200ms' },
  });
  await service.metricsWith(/^ALERTS\{alertname="Works",.*alertstate="firing"\} 1$/m);
  assert.match(service.stderr, /\[MON_RULE\w*\] .*rules\.yml:2:\d+/);
  assert.equal((await fetch(await service.url())).status, 200);
});

test('a mail server that rejects is logged once, and the service runs', async () => {
  const server = await startMailServer({
    onAuth: (_auth, _session, done) => done(new Error('535 no such user')),
  });
  try {
    const folder = temporaryFolder('rules');
    const file = join(folder, 'rules.yml');
    writeFileSync(file, '- name: Always\n  condition: vector(1)\n');
    const env = {
      ...mailSettings(server),
      MONITORING_RULES: file,
      MONITORING_RULES_INTERVAL: '200ms',
      MONITORING_NOTIFY_GROUP_WAIT: '0s',
      // On a busy machine a default rule may fire and wait as well.
      MONITORING_DEFAULT_RULES: 'false',
    };
    await using service = new Service(fixture('web.cjs'), { env });
    await service.line(/EAUTH/, 'stderr');
    assert.equal((await fetch(await service.url())).status, 200);
    await service.metricsWith(/^monitoring_notifications_waiting\{channel="mail"\} 1$/m);
    assert.equal(service.stderr.match(/EAUTH/g)?.length, 1);
    assert.doesNotMatch(service.stderr, new RegExp(PASSWORD));
  } finally {
    await server.close();
  }
});
