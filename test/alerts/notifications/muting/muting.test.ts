import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AlertUpdate } from '../../../../src/alerts/notifications/alert-update.ts';
import {
  defaultInhibitions,
  fits,
  inhibited,
  type Inhibition,
  MatcherError,
  readMatchers,
} from '../../../../src/alerts/notifications/muting/muting.ts';
import { silenceState } from '../../../../src/alerts/notifications/muting/silence-store.ts';
import { MemoryStateFile, Rig } from '../../../helpers/alerts/rig.ts';

function alert(name: string, labels: Record<string, string> = {}): AlertUpdate {
  const rule = { expr: 'x', forMs: 0, where: 'r.yml:1:1' };
  const times = { activeAtMs: 0, firedAtMs: 0, evaluatedAtMs: 0 };
  const id = `${name} ${JSON.stringify(labels)}`;
  return { kind: 'firing', id, name, labels, annotations: {}, value: 1, ...times, rule };
}

describe('matchers', () => {
  test('fit as in PromQL, alertname among the labels, with braces or without', () => {
    const disk = alert('DiskFull', { severity: 'critical', host: 'web-1' });
    const cases: readonly (readonly [string, boolean])[] = [
      ['alertname="DiskFull"', true],
      ['{alertname="DiskFull"}', true],
      ['alertname=~"Disk.*", severity!="warning"', true],
      ['alertname=~"Disk"', false],
      ['host!~"web-.*", severity="critical"', false],
      ['severity="critical", zone=""', true],
      ['"severity"="critical"', true],
    ];
    for (const [text, wanted] of cases) assert.equal(fits(disk, readMatchers(text)), wanted, text);
  });

  const wrong: readonly (readonly [string, number])[] = [
    ['', 1],
    ['severity', 9],
    ['severity=critical', 10],
    ['severity="a" and', 14],
    ['severity=~"("', 1],
    ['severity=~".*"', 1],
    ['up{a="b"}', 3],
    ['{a="b"}[5m]', 1],
  ];
  for (const [text, column] of wrong) {
    test(`rejected with a location: ${text}`, () => {
      assert.throws(
        () => readMatchers(text),
        (error: unknown) => {
          assert.ok(error instanceof MatcherError, String(error));
          assert.ok(error.message.length > 3);
          assert.ok(Math.abs(error.column - column) <= 1, `column ${error.column}`);
          return true;
        },
      );
    });
  }
});

describe('inhibition', () => {
  const rule = (source: string, target: string, ...equal: string[]): Inhibition => ({
    source: readMatchers(source),
    target: readMatchers(target),
    equal,
  });
  const muted = (alerts: readonly AlertUpdate[], ...rules: Inhibition[]): string[] =>
    alerts
      .filter(({ id }) => inhibited(alerts, rules).has(id))
      .map(({ name, labels }) => `${name} ${labels['host'] ?? ''}`.trim());

  test('a source mutes targets that agree with it in the labels given', () => {
    const alerts = [alert('Down', { host: 'a' }), alert('Slow', { host: 'a' }), alert('Slow', { host: 'b' })];
    assert.deepEqual(muted(alerts, rule('alertname="Down"', 'alertname="Slow"', 'host')), ['Slow a']);
    assert.deepEqual(muted(alerts, rule('alertname="Down"', 'alertname="Slow"')), ['Slow a', 'Slow b']);
    assert.deepEqual(muted(alerts.slice(1), rule('alertname="Down"', 'alertname="Slow"')), []);
  });

  test('a label that both lack counts as equal', () => {
    assert.deepEqual(
      muted([alert('Down'), alert('Slow')], rule('alertname="Down"', 'alertname="Slow"', 'zone')),
      ['Slow'],
    );
  });

  test('no alert mutes itself, and no two mute each other', () => {
    const both = rule('severity="page"', 'severity="page"');
    assert.deepEqual(muted([alert('A', { severity: 'page' }), alert('B', { severity: 'page' })], both), []);
  });

  test('an alert that fits both sides is muted by one that fits the source alone', () => {
    const alerts = [alert('Root', { kind: 'x' }), alert('Leaf', { kind: 'x', level: 'low' })];
    assert.deepEqual(muted(alerts, rule('kind="x"', 'level="low"')), ['Leaf']);
  });

  test('of the default rules: what follows from something worse', () => {
    const system = { category: 'system' };
    const alerts = [
      alert('DiskFull', { ...system, severity: 'critical' }),
      alert('DiskAlmostFull', { ...system, severity: 'warning' }),
      alert('HighCpu', { ...system, severity: 'warning' }),
      alert('CriticalLogged', { ...system, severity: 'critical', application: 'db' }),
      alert('ErrorsLogged', { ...system, severity: 'warning', application: 'db' }),
      alert('ErrorsLogged', { ...system, severity: 'warning', application: 'api' }),
    ];
    const found = inhibited(alerts, defaultInhibitions);
    assert.deepEqual(
      alerts
        .filter(({ id }) => found.has(id))
        .map(({ name, labels }) => `${name} ${labels['application'] ?? ''}`),
      ['DiskAlmostFull ', 'ErrorsLogged db'],
    );
  });
});

describe('muted alerts', () => {
  const HOT = '- {name: Hot, condition: temperature > 30, severity: page}';
  const silence = (rig: Rig, fromSecond: number, toSecond: number): string => {
    const at = (second: number): number => Rig.beginMs + second * 1000;
    const { id } = rig.notifier.silences.add({
      matchers: 'alertname="Hot"',
      startsAtMs: at(fromSecond),
      endsAtMs: at(toSecond),
      comment: 'works',
      createdBy: 'me',
    });
    rig.notifier.silencesChanged(rig.nowMs);
    return id;
  };

  test('while a silence lasts nothing is sent, and what still fires is sent after it', async () => {
    const rig = new Rig({ rules: HOT });
    silence(rig, 0, 300);
    await rig.gauge('temperature', 35).at(0);
    await rig.until(285);
    assert.deepEqual(rig.list.sent, []);
    assert.deepEqual(rig.alerts, ['Hot firing']);
    await rig.until(330);
    assert.deepEqual(rig.list.sent, ['Hot |']);
  });

  test('a silence that ends is noticed before the rule is evaluated again', async () => {
    const rig = new Rig({ rules: `${HOT.slice(0, -1)}, interval: 1h}` });
    silence(rig, 0, 100);
    await rig.gauge('temperature', 35).at(0);
    assert.equal(rig.notifier.nextDueMs(), Rig.beginMs + 100_000);
    await rig.at(100);
    assert.deepEqual(rig.list.sent, ['Hot |']);
  });

  test('the end of what was sent before is sent in spite of the silence', async () => {
    const rig = new Rig({ rules: HOT, policy: { repeatMs: 60_000 } });
    await rig.gauge('temperature', 35).at(0);
    silence(rig, 10, 3600);
    await rig.until(600);
    assert.deepEqual(rig.list.sent, ['Hot |'], 'no reminders while silenced');
    await rig.gauge('temperature', 20).until(630);
    assert.deepEqual(rig.list.sent, ['Hot |', '| Hot']);
  });

  test('what begins and ends within a silence is never sent', async () => {
    const rig = new Rig({ rules: HOT });
    silence(rig, 0, 300);
    await rig.gauge('temperature', 35).at(0);
    await rig.gauge('temperature', 20).until(600);
    assert.deepEqual(rig.list.sent, []);
  });

  test('a removed silence ends at once', async () => {
    const rig = new Rig({ rules: HOT });
    const id = silence(rig, 0, 3600);
    await rig.gauge('temperature', 35).at(0);
    assert.equal(rig.notifier.silences.remove(id, rig.nowMs), true);
    assert.equal(rig.notifier.silences.remove(id, rig.nowMs), false);
    rig.notifier.silencesChanged(rig.nowMs);
    await rig.at(15);
    assert.deepEqual(rig.list.sent, ['Hot |']);
    const [ended] = rig.notifier.silences.list(rig.nowMs);
    assert.equal(silenceState(ended!, rig.nowMs), 'expired');
    assert.deepEqual(rig.notifier.silences.list(rig.nowMs + 6 * 86_400_000), []);
  });

  test('silences survive a restart', async () => {
    const stateFile = new MemoryStateFile();
    const before = new Rig({ rules: HOT, stateFile });
    await before.gauge('temperature', 35).at(0);
    silence(before, 0, 3600);
    const rig = new Rig({
      rules: '- {name: Hot, condition: temperature > 30, severity: other}',
      stateFile,
      second: 60,
    });
    await rig.gauge('temperature', 35).at(60);
    await rig.until(300);
    assert.deepEqual(
      rig.notifier.silences
        .list(rig.nowMs)
        .map(({ matchers, comment, createdBy }) => [matchers, comment, createdBy]),
      [['alertname="Hot"', 'works', 'me']],
    );
    assert.ok(rig.list.messages.every(({ firing }) => firing.length === 0));
  });

  test('a silence without an end after its beginning is refused', () => {
    const rig = new Rig({ rules: HOT });
    assert.throws(() => silence(rig, 10, 10), /must end after it begins/);
  });

  test('an inhibited alert is sent once what inhibits it is over', async () => {
    const rig = new Rig({
      rules: `
- {name: DiskFull, condition: disk > 97, severity: critical}
- {name: DiskAlmostFull, condition: disk > 90, severity: warning}
`,
    });
    await rig.gauge('disk', 98).at(0);
    await rig.until(60);
    assert.deepEqual(rig.list.sent, ['DiskFull |']);
    await rig.gauge('disk', 95).until(90);
    assert.deepEqual(rig.list.sent, ['DiskFull |', '| DiskFull', 'DiskAlmostFull |']);
  });
});
