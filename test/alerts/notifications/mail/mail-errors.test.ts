import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import type { SMTPServerOptions } from 'smtp-server';
import { createMailChannel } from '../../../../src/alerts/notifications/mail/mail-channel.ts';
import type { MailOptions } from '../../../../src/alerts/notifications/mail/mail-options.ts';
import { selfSigned } from '../../../helpers/alerts/certificate.ts';
import { type MailServer, PASSWORD, startMailServer, USER } from '../../../helpers/alerts/mail-server.ts';
import { Rig, type RigOptions } from '../../../helpers/alerts/rig.ts';

const RULE =
  '- {name: Hot, condition: temperature > 30, severity: critical, description: "{{ $value }} degrees"}';
const certificate = selfSigned('localhost');

/** An evaluator that mails by a real server on this port, on the clock of the test. */
function mailing(port: number, options: RigOptions = {}, mail: Partial<MailOptions> = {}): Rig {
  const channel = createMailChannel({
    mail: {
      host: '127.0.0.1',
      port,
      user: USER,
      password: PASSWORD,
      from: USER,
      to: ['ops@example.org'],
      tls: 'required',
      ca: certificate.cert,
      tlsName: 'localhost',
      timeoutMs: 1500,
      ...mail,
    },
    service: 'shop',
    maxAlerts: 20,
    now: () => rig.nowMs,
  });
  const rig = new Rig({ rules: RULE, channel, ...options });
  return rig;
}

async function serverFor(
  t: TestContext,
  options: Partial<SMTPServerOptions> & { port?: number } = {},
): Promise<MailServer> {
  const server = await startMailServer(options, certificate);
  t.after(() => server.close());
  return server;
}

const states = (server: MailServer): unknown[] =>
  server.mails.map((mail) => mail.headers.get('x-alert-state'));

describe('mails over a server that works', () => {
  test('firing and resolved, each once, in one thread', async (t) => {
    const server = await serverFor(t);
    const rig = mailing(server.port);
    await rig.gauge('temperature', 35).at(0);
    await rig.until(60);
    await rig.gauge('temperature', 20).at(75);
    await rig.until(300);
    assert.deepEqual(states(server), ['firing', 'resolved']);
    const [firing, resolved] = server.mails;
    assert.equal(firing?.subject, 'Alert: Hot');
    assert.equal(resolved?.subject, 'Alert: Hot');
    assert.match(firing?.text ?? '', /^FIRING: 1 alert is firing in shop\n/);
    assert.match(resolved?.text ?? '', /^RESOLVED: 1 alert is resolved in shop\n/);
    assert.match(resolved?.text ?? '', /Resolved: 2026-11-24 06:01:15 UTC \(after 1 min 15 s\)/);
    assert.match(
      firing?.text ?? '',
      /Severity: critical\nDescription: 35 degrees\nTime: 2026-11-24 06:00:00 UTC\nValue: 35\n/,
    );
    assert.match(firing?.text ?? '', /Rule: temperature > 30 \(rules\.yml:1:3\)/);
    assert.notEqual(firing?.messageId, resolved?.messageId);
    assert.ok(firing?.inReplyTo);
    assert.equal(firing?.inReplyTo, resolved?.inReplyTo);
    assert.equal(firing?.references, resolved?.references);
  });

  test('more alerts than a mail lists: the others are counted', async (t) => {
    const server = await serverFor(t);
    const rig = mailing(server.port);
    for (let i = 0; i < 25; i++) rig.gauge('temperature', 35, { room: String(i) });
    await rig.at(0);
    const [mail] = server.mails;
    assert.match(mail?.text ?? '', /^FIRING: 25 alerts are firing in shop\n/);
    assert.equal(mail?.text?.match(/^Alert: /gm)?.length, 20);
    assert.match(mail?.text ?? '', /… and 5 more not listed here\./);
    assert.match(String(mail?.html), /… and 5 more not listed here\./);
  });

  test('a recipient that is refused while another is taken is reported, and the mail counts as delivered', async (t) => {
    const server = await serverFor(t, {
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith('gone') ? new Error('no such user') : null),
    });
    const rig = mailing(server.port, {}, { to: ['gone@example.org', 'ops@example.org'] });
    await rig.gauge('temperature', 35).at(0);
    await rig.until(300);
    assert.equal(server.mails.length, 1);
    assert.ok(rig.log.lines.some((line) => line.includes('rejected the recipient gone@example.org')));
  });
});

describe('mails over a server that does not work: nothing lost, nothing doubled', () => {
  test('down for an hour', async (t) => {
    const first = await serverFor(t);
    const { port } = first;
    await first.close();
    const rig = mailing(port);
    await rig.gauge('temperature', 35).at(0);
    await rig.until(3600);
    const failures = rig.log.lines.filter((line) => line.includes('[MON_NOTIFY]'));
    assert.equal(failures.length, 1, 'an outage is logged once');
    assert.match(
      failures[0] ?? '',
      /mail to ops@example\.org: sending notifications failed: ESOCKET: connect ECONNREFUSED/,
    );
    const server = await serverFor(t, { port });
    await rig.until(3900);
    assert.deepEqual(states(server), ['firing']);
    assert.match(
      server.mails[0]?.text ?? '',
      /Delayed: this mail was due at 2026-11-24 06:00:00 UTC and was sent at/,
    );
    await rig.gauge('temperature', 20).until(4200);
    assert.deepEqual(states(server), ['firing', 'resolved']);
    assert.ok(rig.log.lines.includes('INFO mail to ops@example.org: sending notifications works again'));
  });

  test('down while an alert fires and ends: one mail for both', async (t) => {
    const first = await serverFor(t);
    const { port } = first;
    await first.close();
    const rig = mailing(port);
    await rig.gauge('temperature', 35).at(0);
    await rig.until(300);
    await rig.gauge('temperature', 20).until(3600);
    const server = await serverFor(t, { port });
    await rig.until(4500);
    assert.deepEqual(states(server), ['resolved']);
    assert.match(
      server.mails[0]?.text ?? '',
      /Time: 2026-11-24 06:00:00 UTC\nResolved: 2026-11-24 06:05:15 UTC/,
    );
  });

  test('greylisting: refused for now, taken later', async (t) => {
    let refusals = 0;
    const server = await serverFor(t, {
      onRcptTo(_address, _session, done) {
        if (refusals++ < 3)
          done(Object.assign(new Error('greylisted, try again later'), { responseCode: 450 }));
        else done();
      },
    });
    const rig = mailing(server.port);
    await rig.gauge('temperature', 35).at(0);
    await rig.until(300);
    assert.equal(refusals, 4);
    assert.deepEqual(states(server), ['firing']);
  });

  test('the login is refused for good: tried again seldom, and delivered once it is taken', async (t) => {
    let attempts = 0;
    let works = false;
    const server = await serverFor(t, {
      onAuth(auth, _session, done) {
        attempts++;
        if (works) done(null, { user: auth.username });
        else done(Object.assign(new Error('Invalid login'), { responseCode: 535 }));
      },
    });
    const rig = mailing(server.port);
    await rig.gauge('temperature', 35).at(0);
    await rig.until(3600);
    assert.ok(attempts < 10, `${attempts} attempts`);
    assert.ok(rig.log.lines.some((line) => line.includes('check SMTP_USER and SMTP_PASSWORD')));
    works = true;
    await rig.until(7200);
    assert.deepEqual(states(server), ['firing']);
  });

  test('the mail is refused after DATA', async (t) => {
    let refusals = 0;
    const server = await serverFor(t);
    const refusing = await serverFor(t, {
      onData(stream, _session, done) {
        stream.resume();
        stream.on('end', () => {
          refusals++;
          done(Object.assign(new Error('no space'), { responseCode: 452 }));
        });
      },
    });
    const rig = mailing(refusing.port);
    await rig.gauge('temperature', 35).at(0);
    await rig.until(60);
    assert.ok(refusals >= 3);
    assert.ok(rig.log.lines.some((line) => line.includes('EMESSAGE')));
    assert.deepEqual(server.mails, []);
  });

  test('the connection ends in the middle of DATA', async (t) => {
    let recipients = 0;
    let cutConnections = 0;
    const server = await serverFor(t, {
      onRcptTo(_address, _session, done) {
        recipients++;
        done();
      },
    });
    // A proxy in between cuts the first two connections within the mail: handshake and login take less than 3,000 bytes.
    const proxy = createServer((client) => {
      const upstream = new (client.constructor as new () => typeof client)().connect(
        server.port,
        '127.0.0.1',
      );
      let bytes = 0;
      client.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (cutConnections < 2 && bytes > 4000) {
          cutConnections++;
          client.destroy();
          upstream.destroy();
        } else upstream.write(chunk);
      });
      upstream.on('data', (chunk: Buffer) => client.write(chunk));
      for (const side of [client, upstream])
        side.on('error', () => {}).on('close', () => [client, upstream].forEach((s) => s.destroy()));
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    t.after(() => proxy.close());
    const rig = mailing((proxy.address() as AddressInfo).port);
    await rig.gauge('temperature', 35).at(0);
    await rig.until(300);
    assert.deepEqual({ recipients, cutConnections }, { recipients: 3, cutConnections: 2 });
    assert.deepEqual(states(server), ['firing']);
  });

  test('a server that never greets is given up, and evaluation does not wait for it', async (t) => {
    const silent = createServer(() => {});
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    t.after(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const rig = mailing(port, {}, { timeoutMs: 300 });
    rig.gauge('temperature', 35);
    await rig.evaluator.runOnce(rig.nowMs);
    rig.second = 15;
    await rig.evaluator.runOnce(rig.nowMs);
    assert.equal(rig.evaluator.status().groups[0]?.rules[0]?.history.length, 2);
    assert.equal(rig.evaluator.status().channels[0]?.failed, 0, 'the first attempt still runs');
    await rig.notifier.settled();
    assert.equal(rig.evaluator.status().channels[0]?.failed, 1);
    assert.ok(rig.log.lines.some((line) => /ETIMEDOUT.*firewall/.test(line)));
  });

  test('a certificate that nobody vouches for: no mail and no password', async (t) => {
    const server = await startMailServer({}, selfSigned('localhost'));
    t.after(() => server.close());
    const rig = mailing(server.port);
    await rig.gauge('temperature', 35).at(0);
    await rig.until(60);
    assert.deepEqual(server.mails, []);
    assert.ok(rig.log.lines.some((line) => line.includes('SMTP_CA_FILE')));
  });

  test('10,000 alerts of 1,000 rules at once: as many mails as the burst allows, every alert in them', async (t) => {
    const server = await serverFor(t);
    const rules = Array.from(
      { length: 1000 },
      (_, i) => `- {name: R${i}, condition: temperature > ${i / 1000}}`,
    ).join('\n');
    const rig = mailing(server.port, { rules, policy: { burst: 5 } });
    for (let i = 0; i < 10; i++) rig.gauge('temperature', 35, { room: String(i) });
    await rig.at(0);
    await rig.until(60);
    assert.equal(server.mails.length, 5);
    assert.match(server.mails.at(-1)?.subject ?? '', /^Alert: R\d+ and 995 more$/);
    assert.match(server.mails.at(-1)?.text ?? '', /^FIRING: 9960 alerts are firing/);
  });
});
