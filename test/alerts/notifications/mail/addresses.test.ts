import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import {
  readAddresses,
  readAddressesBySeverity,
} from '../../../../src/alerts/notifications/mail/addresses.ts';
import { setUpMail } from '../../../../src/alerts/notifications/mail/mail-channel.ts';
import { readMailHost } from '../../../../src/alerts/notifications/mail/mail-host.ts';
import { NotificationManager } from '../../../../src/alerts/notifications/notification-manager.ts';
import { DeliveryError } from '../../../../src/alerts/notifications/channel.ts';
import { readSettings } from '../../../../src/config/read-settings.ts';
import { formatProblem } from '../../../../src/errors.ts';
import { selfSigned } from '../../../helpers/alerts/certificate.ts';
import { startMailServer } from '../../../helpers/alerts/mail-server.ts';

/** `name|address` of each, or what was refused. */
function read(text: string): readonly string[] | string {
  const reading = readAddresses(text);
  if (!reading.ok) return `refused: ${reading.got}`;
  return reading.addresses.map(({ name, address }) => (name === '' ? address : `${name}|${address}`));
}

const NO_ADDRESSES = (
  'a@b@c.se|x@y>|<x@y|a b@c|ops|@x.se|a@|a@b..c|a@.b|"open <a@b.se>|<a@b.se> <c@d.se>|' +
  'a@b.se (comment)|Team: a@x.se|a@x.se <b@x.se> c@x.se|<>|a@b:25'
).split('|');
const NO_HOSTS = '| |a b|mail/|127.0.0.1:25x|[::1|::1]|[mail]|1.2.3|1.2.3.456|-a|a..b'.split('|');

describe('A1 lists of mail addresses', () => {
  test('every recipient of a list is read, however the entries are separated', () => {
    for (const text of [
      'a@x.se,b@x.se',
      'a@x.se b@x.se',
      ' a@x.se ; b@x.se ,',
      'a@x.se\nb@x.se',
      '<a@x.se>, b@x.se, a@x.se',
    ]) {
      assert.deepEqual(read(text), ['a@x.se', 'b@x.se'], text);
    }
  });

  test('names may be quoted and hold separators', () => {
    assert.deepEqual(read('"Ops, Team; (all)" <ops@x.se>,b@x.se'), ['Ops, Team; (all)|ops@x.se', 'b@x.se']);
    assert.deepEqual(read('Boss <boss@x.se>'), ['Boss|boss@x.se']);
    assert.deepEqual(read('"a@x.se" <b@x.se>'), ['a@x.se|b@x.se']);
    assert.deepEqual(read(String.raw`"The \"Boss\"" <b@x.se>`), ['The "Boss"|b@x.se']);
    assert.deepEqual(read('Åsa Öberg <åsa@exämple.se>'), ['Åsa Öberg|åsa@exämple.se']);
    assert.deepEqual(read('a@[127.0.0.1] ops@localhost'), ['a@[127.0.0.1]', 'ops@localhost']);
  });

  test('what is no address is refused as it is written, and nothing is left out', () => {
    for (const text of NO_ADDRESSES) {
      assert.equal(read(text), `refused: ${text}`);
    }
    assert.equal(read('a@x.se\r\nBcc: e@x.se'), 'refused: a@x.se\r\nBcc: e@x.se');
    assert.equal(read('"x\r\nBcc: e@x.se" <a@x.se>'), 'refused: "x\r\nBcc: e@x.se" <a@x.se>');
    assert.equal(read('a@x.se, b'), 'refused: b');
  });

  test('recipients by severity may have names, and several of them', () => {
    const reading = readAddressesBySeverity('critical="Boss, the" <boss@x.se>;a@x.se, b@x.se,info=log@x.se');
    assert.ok(reading.ok);
    assert.deepEqual(
      [...reading.bySeverity].map(([severity, list]) => [severity, list.map(({ address }) => address)]),
      [
        ['critical', ['boss@x.se', 'a@x.se', 'b@x.se']],
        ['info', ['log@x.se']],
      ],
    );
    for (const text of ['boss@x.se', 'critical=', 'critical=boss', 'critical="a <a@x.se>']) {
      assert.ok(!readAddressesBySeverity(text).ok, text);
    }
  });

  test('a program may give a list as well; two senders are refused', async () => {
    const notification = {
      alert: 'A',
      severity: 'warning',
      description: '',
      timestamp: new Date(0),
      labels: {},
    };
    const manager = new NotificationManager('127.0.0.1', 9, '', '', { from: 'a@x.se b@x.se', to: 'c@x.se' });
    await assert.rejects(manager.sendNotification(notification), {
      code: 'MON_MAIL_SETTINGS',
      message: /sender of mails: expected one email address, got "a@x\.se b@x\.se"/,
    });
  });
});

describe('A2 hosts of mail servers', () => {
  test('names and addresses are taken, IPv6 in brackets or not', () => {
    for (const [text, host] of [
      ['mail.example.org', 'mail.example.org'],
      ['localhost', 'localhost'],
      ['mail_1', 'mail_1'],
      ['10.0.0.1', '10.0.0.1'],
      ['[::1]', '::1'],
      ['fe80::1%eth0', 'fe80::1%eth0'],
      ['mail.exämple.se', 'mail.exämple.se'],
    ] as const) {
      assert.deepEqual(readMailHost(text), { ok: true, host }, text);
    }
  });

  test('anything else is refused, a port with a word about SMTP_PORT', () => {
    for (const text of NO_HOSTS) {
      assert.ok(!readMailHost(text).ok, text);
    }
    for (const text of ['127.0.0.1:25', 'mail.example.org:587', '[::1]:25']) {
      const reading = readMailHost(text);
      assert.ok(!reading.ok && reading.expected.includes('SMTP_PORT'), text);
    }
    const url = readMailHost('smtp://mail.example.org');
    assert.ok(!url.ok && url.expected.includes('scheme'));
  });

  const problemsOf = (env: Readonly<Record<string, string>>): readonly string[] => {
    const { settings } = readSettings(env, () => '');
    const { channels, problems } = setUpMail({ settings, service: 'shop', readFile: () => '' });
    for (const channel of channels) channel.close();
    return problems.map((found) => formatProblem(found));
  };

  test('settings that cannot be mailed with are named at the start', () => {
    const good = { SMTP_HOST: 'mail.example.org', SMTP_FROM: 'x@example.org', SMTP_TO: 'a@example.org' };
    assert.deepEqual(problemsOf(good), []);
    assert.match(problemsOf({ ...good, SMTP_HOST: '127.0.0.1:25' })[0]!, /SMTP_HOST: expected .*SMTP_PORT/);
    assert.match(problemsOf({ ...good, SMTP_FROM: 'a@x.se b@x.se' })[0]!, /SMTP_FROM: expected one email/);
    assert.match(problemsOf({ SMTP_TO: 'a@example.org' })[0]!, /SMTP_HOST: expected a mail server/);
    assert.match(problemsOf({ ...good, SMTP_TO_BY_SEVERITY: 'critical=x' })[0]!, /SMTP_TO_BY_SEVERITY/);
  });
});

async function mailTo(host: string, port: number, ca?: string): Promise<void> {
  const manager = new NotificationManager(host, port, '', '', {
    from: '"The, Shop" <shop@example.org>',
    to: ['"Ops, Team" <ops@example.org>', 'b@example.org c@example.org'],
    tls: ca === undefined ? 'off' : 'required',
    ...(ca !== undefined && { ca, tlsName: 'localhost' }),
    timeoutMs: 5000,
  });
  const timestamp = new Date(0);
  await manager.sendNotification({ alert: 'A', severity: 'info', description: '', timestamp, labels: {} });
}

async function serverAt(
  t: TestContext,
  options: Parameters<typeof startMailServer>[0],
  certificate = selfSigned('localhost'),
): Promise<Awaited<ReturnType<typeof startMailServer>>> {
  const server = await startMailServer({ authOptional: true, ...options }, certificate);
  t.after(() => server.close());
  return server;
}

test('A1 quoted names and all recipients arrive at a real server', async (t) => {
  const server = await serverAt(t, {});
  await mailTo('127.0.0.1', server.port);
  const [mail] = await server.received(1);
  const to = [mail!.to ?? []]
    .flat()
    .flatMap(({ value }) => value.map(({ name, address }) => `${name}|${address}`));
  assert.deepEqual(to, ['Ops, Team|ops@example.org', '|b@example.org', '|c@example.org']);
  assert.deepEqual(mail!.from?.value, [{ name: 'The, Shop', address: 'shop@example.org' }]);
});

test('A2 a server with TLS 1.0 only: the help names the version', async (t) => {
  const certificate = selfSigned('localhost');
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } as const;
  const server = await serverAt(t, old, certificate);
  await assert.rejects(mailTo('127.0.0.1', server.port, certificate.cert), (error) => {
    assert.ok(error instanceof DeliveryError);
    assert.match(error.failure.help, /nothing newer than TLS 1\.1/);
    return true;
  });
});
