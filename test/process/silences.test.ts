import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SilenceView } from '../../src/link/silence-messages.ts';
import { PASSWORD, startMailServer, USER } from '../helpers/alerts/mail-server.ts';
import { folderWith } from '../helpers/cli/cli.ts';
import { fixture, REPOSITORY, Service } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

const CLI = join(REPOSITORY, 'dist', 'cli.mjs');

type Listed = Pick<SilenceView, 'id' | 'matchers' | 'state' | 'comment' | 'createdBy' | 'mutes'>;

test(
  'a silenced alert is not mailed, over a restart of the service, until the silence is removed',
  { timeout: 60_000 },
  async (t) => {
    const server = await startMailServer();
    t.after(() => server.close());
    const cwd = folderWith(t, {
      'ca.pem': server.certificate.cert,
      password: PASSWORD,
      'rules.yml': [
        '- {name: Loud, condition: sum(http_requests_total) > 0, severity: critical}',
        '- {name: Second, condition: sum(http_requests_total) > 1, severity: warning}',
        '- {name: Third, condition: sum(http_requests_total) > 2, severity: warning}',
        '',
      ].join('\n'),
    });
    const env = {
      OTEL_SERVICE_NAME: 'shop',
      SMTP_HOST: 'localhost',
      SMTP_PORT: String(server.port),
      SMTP_USER: USER,
      SMTP_PASSWORD_FILE: join(cwd, 'password'),
      SMTP_TO: 'ops@example.org',
      SMTP_CA_FILE: join(cwd, 'ca.pem'),
      MONITORING_RULES: 'rules.yml',
      MONITORING_DEFAULT_RULES: 'false',
      MONITORING_RULES_INTERVAL: '200ms',
      MONITORING_NOTIFY_GROUP_WAIT: '0s',
      MONITORING_NOTIFY_RESOLVED: 'false',
    };
    async function silence(...args: readonly string[]): Promise<string> {
      await using run = new Service(CLI, { cwd, env, nodeArgs: [], args: ['silence', ...args] });
      const { code } = await run.ended();
      assert.equal(code, 0, run.stderr);
      return run.stdout;
    }
    const listed = async (...args: readonly string[]): Promise<readonly Listed[]> =>
      (JSON.parse(await silence('list', '--json', ...args)) as { silences: readonly Listed[] }).silences;

    const LOUD = /^ALERTS\{alertname="Loud",.*alertstate="firing"\} 1$/m;
    const subjects = (): readonly (string | undefined)[] => server.mails.map(({ subject }) => subject);

    const before = new Service(fixture('web.cjs'), { cwd, env });
    t.after(() => before[Symbol.asyncDispose]());
    await before.monitorUrl();
    const said = ['--for', '2h', '--comment', 'works', '--by', 'me'];
    const added = await silence('add', 'Loud', 'severity=critical', ...said);
    assert.match(
      added,
      /^active {2}(2h|1h59m\d+s) left {2}alertname="Loud", severity="critical" {2}me: works\n/,
    );
    assert.match(added, /^ {2}no matching alert is firing$/m);
    await before.line(/alerts: silence until \S+Z: /, 'stderr');
    await fetch(await before.url());
    await before.metricsWith(LOUD);
    assert.match(await silence('list'), /^ {2}mutes Loud \{severity="critical"\}$/m);
    // It fires after the silenced one: with its mail the other one would have come.
    await fetch(await before.url());
    await server.received(1);
    assert.deepEqual(subjects(), ['Alert: Second']);
    before.kill('SIGKILL');
    await before.ended();

    await using service = new Service(fixture('web.cjs'), { cwd, env });
    await fetch(await service.url());
    await service.metricsWith(LOUD);
    const [one, ...more] = await listed();
    assert.deepEqual(more, []);
    assert.deepEqual(
      { ...one, id: '', startsAt: '', endsAt: '' },
      {
        id: '',
        matchers: 'alertname="Loud", severity="critical"',
        comment: 'works',
        createdBy: 'me',
        startsAt: '',
        endsAt: '',
        state: 'active',
        mutes: [{ alertname: 'Loud', labels: { severity: 'critical' } }],
      },
    );
    for (let i = 0; i < 2; i++) await fetch(await service.url());
    await until(() => subjects().includes('Alert: Third'));
    assert.ok(!subjects().includes('Alert: Loud'), subjects().join());

    assert.match(await silence('remove', one!.id), /^expired {2}expired \d+s ago/);
    await until(() => subjects().includes('Alert: Loud'));
    assert.deepEqual(await listed(), []);
    assert.deepEqual(
      (await listed('--all')).map(({ state }) => state),
      ['expired'],
    );
    assert.equal(await silence('list'), '0 silences\n');
    assert.match(await service.metrics(), /^monitoring_agents 1$/m);
  },
);
