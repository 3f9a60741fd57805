import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createNotifier, policyOf } from '../../../src/alerts/notifications/create-notifier.ts';
import { defaultPolicy } from '../../../src/alerts/notifications/dispatch/notify-policy.ts';
import { readSettings } from '../../../src/config/read-settings.ts';
import { createFakeLog } from '../../helpers/fake-log.ts';
import { type MailServer, PASSWORD, startMailServer, USER } from '../../helpers/alerts/mail-server.ts';

function settingsOf(env: Record<string, string>): ReturnType<typeof readSettings>['settings'] {
  const { settings, problems } = readSettings(env, () => '');
  assert.deepEqual(problems, []);
  return settings;
}

test('the defaults of the settings are the defaults of the notifier', () => {
  assert.deepEqual(policyOf(settingsOf({})), defaultPolicy);
});

describe('mail by the settings', () => {
  test('without a server there is no channel, and nothing is reported', () => {
    const ownLog = createFakeLog();
    const notifier = createNotifier({ settings: settingsOf({}), service: 'shop', ownLog });
    assert.deepEqual(notifier.status(), []);
    assert.deepEqual(ownLog.lines, []);
  });

  const incomplete: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    [
      'no recipient',
      { SMTP_USER: USER },
      /SMTP_TO: expected at least one recipient, got none\. Now: alerts are shown and logged, not mailed/,
    ],
    ['neither sender nor user', { SMTP_TO: 'a@example.org' }, /SMTP_FROM: expected a sender address/],
    [
      'a recipient that is no address',
      { SMTP_USER: USER, SMTP_TO: 'ops' },
      /SMTP_TO: expected email addresses, got "ops"/,
    ],
    [
      'a file of an authority that cannot be read',
      { SMTP_USER: USER, SMTP_TO: 'a@example.org', SMTP_CA_FILE: '/none' },
      /SMTP_CA_FILE: expected a readable file, got ENOENT/,
    ],
  ];
  for (const [name, env, wording] of incomplete) {
    test(`${name}: logged, and no channel`, () => {
      const ownLog = createFakeLog();
      const notifier = createNotifier({
        settings: settingsOf({ SMTP_HOST: 'localhost', ...env }),
        service: '',
        ownLog,
      });
      assert.deepEqual(notifier.status(), []);
      assert.equal(ownLog.lines.length, 1);
      assert.match(ownLog.lines[0] ?? '', wording);
    });
  }

  test('whole settings: a mail arrives', async (t) => {
    const server: MailServer = await startMailServer();
    t.after(() => server.close());
    const ownLog = createFakeLog();
    const settings = settingsOf({
      SMTP_HOST: 'localhost',
      SMTP_PORT: String(server.port),
      SMTP_USER: USER,
      SMTP_PASSWORD: PASSWORD,
      SMTP_FROM: 'Watch <watch@example.org>',
      SMTP_TO: 'a@example.org, b@example.org',
      SMTP_CA_FILE: '/ca.pem',
      MONITORING_NOTIFY_GROUP_WAIT: '0',
    });
    const notifier = createNotifier({
      settings,
      service: 'shop',
      ownLog,
      readFile: () => server.certificate.cert,
    });
    t.after(() => notifier.close());
    const nowMs = Date.now();
    const alert = {
      kind: 'firing',
      id: 'a',
      name: 'HighCpu',
      labels: { severity: 'warning' },
      annotations: {},
      value: 1,
      activeAtMs: nowMs,
      firedAtMs: nowMs,
      evaluatedAtMs: nowMs,
      rule: { expr: 'x', forMs: 0, where: 'r.yml:1:1' },
    } as const;
    notifier.update([alert], nowMs);
    notifier.run(nowMs);
    await notifier.settled();
    assert.deepEqual(ownLog.lines, [
      'INFO mail to a@example.org, b@example.org: notified about HighCpu (1 firing, 0 resolved in 1 group(s))',
    ]);
    assert.equal(server.mails[0]?.from?.text, '"Watch" <watch@example.org>');
    assert.deepEqual(server.sessions, [{ secure: true, user: USER }]);
    const [status] = notifier.status();
    assert.deepEqual([status?.delivered, status?.failed, status?.waiting], [1, 0, 0]);
  });
});
