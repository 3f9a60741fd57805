import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { EditConfiguration } from '../../scripts/stack/native-spec.ts';
import { eventually } from '../helpers/stack/eventually.ts';
import { startTestShop } from '../helpers/stack/shop.ts';
import { startTestStack, temporaryFolder, unlessBuilt } from '../helpers/stack/stack.ts';

interface MailSummary {
  readonly Subject: string;
  readonly To: readonly { readonly Address: string }[];
  readonly Snippet: string;
}

async function mailsAt(url: string): Promise<readonly MailSummary[]> {
  const { messages } = (await (await fetch(`${url}/api/v1/messages`)).json()) as {
    messages: readonly MailSummary[];
  };
  return messages;
}

interface TakenAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: { readonly state: string };
}

async function alertsAt(url: string): Promise<readonly TakenAlert[]> {
  return (await (await fetch(`${url}/api/v2/alerts`)).json()) as readonly TakenAlert[];
}

/** Alertmanager mails after one second in place of ten, so that the test is short. */
const quickly: EditConfiguration = (path, text) =>
  path.endsWith('alertmanager.yml')
    ? text.replace('group_wait: 10s', 'group_wait: 1s').replace('group_interval: 1m', 'group_interval: 1s')
    : text;

test(
  'Alertmanager takes an alert over its API and mails its beginning and its end to the mail server',
  { skip: unlessBuilt(['alertmanager', 'mailpit']) },
  async (context) => {
    const stack = await startTestStack(context, ['alertmanager', 'mailpit'], { edit: quickly });
    const alertmanager = stack.url('alertmanager', 9093);
    const mails = stack.url('mailpit', 8025);
    const alert = {
      labels: { alertname: 'HighErrorRate', severity: 'critical', service: 'shop' },
      annotations: { description: 'one request of four fails' },
      startsAt: new Date().toISOString(),
    };
    const post = async (alerts: readonly unknown[]): Promise<void> => {
      const response = await fetch(`${alertmanager}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      });
      assert.equal(response.status, 200, await response.text());
    };
    await post([alert]);
    assert.deepEqual(
      (await alertsAt(alertmanager)).map(({ labels, status }) => [
        labels['alertname'],
        labels['severity'],
        status.state,
      ]),
      [['HighErrorRate', 'critical', 'active']],
    );
    const firing = await eventually(async () => {
      const [mail] = await mailsAt(mails);
      assert.ok(mail, 'a mail has arrived');
      return mail;
    });
    assert.match(firing.Subject, /FIRING.*HighErrorRate/);
    assert.deepEqual(
      firing.To.map(({ Address }) => Address),
      ['ops@monitoring.example'],
    );
    await post([{ ...alert, endsAt: new Date().toISOString() }]);
    await eventually(async () => {
      const subjects = (await mailsAt(mails)).map(({ Subject }) => Subject);
      assert.ok(
        subjects.some((subject) => /RESOLVED.*HighErrorRate/.test(subject)),
        subjects.join(),
      );
    });
  },
);

const RULES = `rules:
  - name: shop_is_open
    condition: system_memory_usage > 0
    duration: 0s
    severity: warning
    description: The memory of the host is in use.
    labels: {category: system}
`;

/** The preloaded shop with one rule that always holds. */
async function startAlertingShop(
  context: TestContext,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const folder = temporaryFolder(context);
  const rules = join(folder, 'rules.yml');
  writeFileSync(rules, RULES);
  const shop = await startTestShop(context, folder, {
    MONITORING_RULES: rules,
    MONITORING_RULES_INTERVAL: '1s',
    MONITORING_DEFAULT_RULES: 'false',
    ...settings,
  });
  await shop.visit();
}

test(
  'a rule of a preloaded service that holds is mailed to the mail server of the stack',
  { skip: unlessBuilt(['mailpit']) },
  async (context) => {
    const stack = await startTestStack(context, ['mailpit']);
    await startAlertingShop(context, {
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: stack.url('mailpit', 1025).replace(/^.*:/, ''),
      SMTP_TLS: 'off',
      SMTP_FROM: 'monitoring@shop.example',
      SMTP_TO: 'ops@shop.example',
    });
    const mail = await eventually(async () => {
      const [found] = await mailsAt(stack.url('mailpit', 8025));
      assert.ok(found, 'a mail has arrived');
      return found;
    }, 60_000);
    assert.equal(mail.Subject, 'Alert: shop_is_open');
    assert.deepEqual(
      mail.To.map(({ Address }) => Address),
      ['ops@shop.example'],
    );
    assert.match(mail.Snippet, /memory of the host/);
  },
);

test(
  'an alert of a preloaded service is sent to Alertmanager with its labels and description',
  { skip: unlessBuilt(['alertmanager', 'mailpit']) },
  async (context) => {
    const stack = await startTestStack(context, ['alertmanager', 'mailpit']);
    const url = stack.url('alertmanager', 9093);
    await startAlertingShop(context, { MONITORING_ALERTMANAGER_URL: url });
    const alert = await eventually(async () => {
      const [found] = await alertsAt(url);
      assert.ok(found, 'an alert has arrived');
      return found;
    }, 60_000);
    assert.equal(alert.labels['alertname'], 'shop_is_open');
    assert.equal(alert.labels['severity'], 'warning');
    assert.equal(alert.labels['category'], 'system');
    assert.equal(alert.annotations['description'], 'The memory of the host is in use.');
    assert.equal(alert.status.state, 'active');
  },
);
