import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { createTransport } from 'nodemailer';
import { startMailServer, type Mail, type MailServer } from '../../demo/mail-server.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const message = {
  from: 'a@shop.example',
  to: 'ops@shop.example',
  subject: 'Alert: CheckoutErrors',
  text: 'Payments fail',
  html: '<p>Payments fail</p>',
};

async function start(t: TestContext): Promise<{ server: MailServer; mails: Mail[] }> {
  const mails: Mail[] = [];
  const folder = temporaryFolder('demo-mails');
  const server = await startMailServer(folder, (mail) => mails.push(mail));
  t.after(async () => server.close());
  return { server, mails };
}

test('a mail sent with STARTTLS, the printed authority and the login arrives and its HTML is kept', async (t) => {
  const { server, mails } = await start(t);
  const transport = createTransport({
    host: '127.0.0.1',
    port: server.port,
    requireTLS: true,
    tls: { ca: readFileSync(server.caFile, 'utf8') },
    auth: { user: server.user, pass: server.password },
  });
  await transport.sendMail(message);
  await transport.sendMail({ ...message, headers: { 'X-Alert-State': 'resolved' } });

  assert.deepEqual(
    mails.map(({ subject, to, state }) => ({ subject, to, state })),
    [
      { subject: 'Alert: CheckoutErrors', to: 'ops@shop.example', state: 'firing' },
      { subject: 'Alert: CheckoutErrors', to: 'ops@shop.example', state: 'resolved' },
    ],
  );
  assert.match(mails[0]?.path ?? '', /01-CheckoutErrors-firing\.html$/);
  assert.equal(readFileSync(mails[0]?.path ?? '', 'utf8'), '<p>Payments fail</p>');
});

test('nothing is taken with a wrong login, without TLS, or from who does not know the authority', async (t) => {
  const { server, mails } = await start(t);
  const ca = readFileSync(server.caFile, 'utf8');
  const auth = { user: server.user, pass: server.password };
  const base = { host: '127.0.0.1', port: server.port };
  const attempts = [
    { ...base, tls: { ca }, auth: { ...auth, pass: 'wrong' } },
    { ...base, ignoreTLS: true, auth },
    { ...base, requireTLS: true, auth },
  ];
  for (const attempt of attempts) {
    await assert.rejects(createTransport(attempt).sendMail(message));
  }
  assert.deepEqual(mails, []);
});
