import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MonitoringError } from '../../../src/errors.ts';
import { DeliveryError } from '../../../src/alerts/notifications/channel.ts';
import type { Notification } from '../../../src/alerts/notifications/notification-message.ts';
import {
  NotificationManager,
  type NotificationManagerOptions,
} from '../../../src/alerts/notifications/notification-manager.ts';
import { selfSigned } from '../../helpers/alerts/certificate.ts';
import { type MailServer, PASSWORD, startMailServer, USER } from '../../helpers/alerts/mail-server.ts';

const notification: Notification = {
  alert: 'HighCpu',
  severity: 'critical',
  description: 'The processors are busy.',
  timestamp: new Date('2026-11-24T06:15:00Z'),
  labels: { host: 'web-1', zone: 'eu' },
};

function managerFor(server: MailServer, options: NotificationManagerOptions = {}): NotificationManager {
  const common = {
    to: 'ops@example.org',
    ca: server.certificate.cert,
    tlsName: 'localhost',
    timeoutMs: 2000,
  };
  return new NotificationManager('127.0.0.1', server.port, USER, PASSWORD, { ...common, ...options });
}

test('a notification arrives by STARTTLS and login, as text and as HTML', async (t) => {
  const server = await startMailServer();
  t.after(() => server.close());
  await managerFor(server).sendNotification(notification);
  const [mail] = server.mails;
  assert.ok(mail);
  assert.deepEqual(server.sessions, [{ secure: true, user: USER }]);
  assert.equal(mail.subject, 'Alert: HighCpu');
  assert.equal(mail.from?.text, USER);
  assert.deepEqual(
    [mail.to].flat().map((to) => to?.text),
    ['ops@example.org'],
  );
  assert.equal(mail.headers.get('x-alert-state'), 'firing');
  assert.equal(mail.headers.get('auto-submitted'), 'auto-generated');
  assert.match(
    String((mail.headers.get('content-type') as { value: string }).value),
    /^multipart\/alternative/,
  );
  assert.equal(
    mail.text,
    [
      'FIRING: 1 alert is firing',
      '',
      'Alert: HighCpu',
      'State: firing',
      'Severity: critical',
      'Description: The processors are busy.',
      'Time: 2026-11-24 06:15:00 UTC',
      'Labels: host=web-1, zone=eu',
      '',
    ].join('\n'),
  );
  const html = String(mail.html);
  for (const part of [
    'HighCpu',
    'critical',
    'The processors are busy.',
    '2026-11-24 06:15:00 UTC',
    'web-1',
    'eu',
  ]) {
    assert.ok(html.includes(part), part);
  }
});

test('several recipients, a sender of its own and names with umlauts arrive', async (t) => {
  const server = await startMailServer();
  t.after(() => server.close());
  const manager = managerFor(server, {
    from: 'Überwachung <watch@example.org>',
    to: ['a@example.org', 'b@example.org'],
  });
  await manager.sendNotification({ ...notification, alert: 'Höhe überschritten' });
  const [mail] = server.mails;
  assert.equal(mail?.subject, 'Alert: Höhe überschritten');
  assert.deepEqual(mail?.from?.value, [{ address: 'watch@example.org', name: 'Überwachung' }]);
  assert.deepEqual(
    [mail?.to].flat().flatMap((to) => to?.value.map(({ address }) => address)),
    ['a@example.org', 'b@example.org'],
  );
});

test('the content of an alert cannot start a header or a tag', async (t) => {
  const server = await startMailServer();
  t.after(() => server.close());
  const evil = 'x\r\nBcc: thief@example.org\r\n\r\n<script>alert(1)</script>';
  await managerFor(server).sendNotification({
    ...notification,
    alert: evil,
    severity: '"><img src=x onerror=alert(1)>',
    description: `</td></table><iframe src="https://example.org"></iframe>\u202e${evil}`,
    labels: { [evil]: evil, '<b>': '\'"&' },
  });
  const [mail] = server.mails;
  assert.ok(mail);
  assert.equal(mail.subject, 'Alert: x Bcc: thief@example.org <script>alert(1)</script>');
  assert.equal(mail.bcc, undefined);
  const html = String(mail.html);
  assert.doesNotMatch(html, /<(?:script|img|iframe|b)[\s>]/);
  assert.doesNotMatch(html, /\u202e/);
  assert.ok(html.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
});

test('a wrong password is refused with the code of nodemailer and what helps', async (t) => {
  const server = await startMailServer();
  t.after(() => server.close());
  const manager = new NotificationManager('127.0.0.1', server.port, USER, 'wrong', {
    to: 'ops@example.org',
    ca: server.certificate.cert,
    tlsName: 'localhost',
  });
  await assert.rejects(manager.sendNotification(notification), (error: unknown) => {
    assert.ok(error instanceof DeliveryError);
    assert.match(error.message, /^EAUTH: .*535/);
    assert.match(error.failure.help, /SMTP_PASSWORD/);
    assert.equal(error.failure.permanent, true);
    assert.doesNotMatch(error.message, /wrong/);
    return true;
  });
  assert.deepEqual(server.mails, []);
});

test('a server without STARTTLS gets neither password nor mail, unless plain text is allowed', async (t) => {
  const server = await startMailServer({
    hideSTARTTLS: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
  });
  t.after(() => server.close());
  await assert.rejects(managerFor(server).sendNotification(notification), (error: unknown) => {
    assert.ok(error instanceof DeliveryError);
    assert.equal(error.failure.code, 'ETLS');
    assert.match(error.failure.help, /SMTP_TLS=optional/);
    return true;
  });
  await managerFor(server, { tls: 'optional' }).sendNotification(notification);
  await managerFor(server, { tls: 'off' }).sendNotification(notification);
  assert.deepEqual(server.sessions, [
    { secure: false, user: USER },
    { secure: false, user: USER },
  ]);
});

const certificates = [
  {
    name: 'a certificate that nobody vouches for',
    certificate: selfSigned('localhost'),
    options: { ca: selfSigned('other').cert },
    help: /SMTP_CA_FILE/,
  },
  {
    name: 'a certificate for another host',
    certificate: selfSigned('mail.example.org'),
    options: { tlsName: 'localhost' },
    help: /SMTP_HOST/,
  },
  {
    name: 'an expired certificate',
    certificate: selfSigned('localhost', { expired: true }),
    options: {},
    help: /renew/,
  },
];
for (const { name, certificate, options, help } of certificates) {
  test(`${name} is refused`, async (t) => {
    const server = await startMailServer({}, certificate);
    t.after(() => server.close());
    await assert.rejects(managerFor(server, options).sendNotification(notification), (error: unknown) => {
      assert.ok(error instanceof DeliveryError);
      assert.match(error.failure.help, help, error.message);
      assert.equal(error.failure.scope, 'receiver');
      return true;
    });
    assert.deepEqual(server.mails, []);
  });
}

test('nothing that listens is reported with the address', async () => {
  const server = await startMailServer();
  await server.close();
  await assert.rejects(managerFor(server).sendNotification(notification), (error: unknown) => {
    assert.ok(error instanceof DeliveryError);
    assert.match(error.message, new RegExp(`ECONNREFUSED.*${server.port}`));
    return true;
  });
});

const settings: readonly (readonly [string, () => NotificationManager, RegExp])[] = [
  [
    'no recipient',
    () => new NotificationManager('localhost', 587, USER, PASSWORD),
    /recipients.*at least one.*none/,
  ],
  [
    'a recipient with a line break',
    () =>
      new NotificationManager('localhost', 587, USER, PASSWORD, {
        to: 'a@example.org\nRCPT TO:<b@example.org>',
      }),
    /recipients/,
  ],
  [
    'a user that is no address and no sender',
    () => new NotificationManager('localhost', 587, 'bob', 'x', { to: 'a@b.c' }),
    /sender/,
  ],
  ['no host', () => new NotificationManager('', 587, USER, PASSWORD, { to: 'a@b.c' }), /mail server/],
  [
    'a port out of range',
    () => new NotificationManager('localhost', 70_000, USER, PASSWORD, { to: 'a@b.c' }),
    /port/,
  ],
];
for (const [name, create, wording] of settings) {
  test(`${name} is reported, and no mail`, async () => {
    await assert.rejects(create().sendNotification(notification), (error: unknown) => {
      assert.ok(error instanceof MonitoringError);
      assert.equal(error.code, 'MON_MAIL_SETTINGS');
      assert.match(error.message, wording);
      return true;
    });
  });
}

test('a notification with a field of another type is refused by name', async () => {
  const manager = new NotificationManager('localhost', 587, USER, PASSWORD, { to: 'a@b.c' });
  const wrong = { ...notification, timestamp: 'yesterday' } as unknown as Notification;
  await assert.rejects(
    manager.sendNotification(wrong),
    /notification\.timestamp: expected a Date, got "?"yesterday/,
  );
  const labels = { ...notification, labels: { a: 1 } } as unknown as Notification;
  await assert.rejects(manager.sendNotification(labels), /notification\.labels/);
});
