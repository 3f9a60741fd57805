import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SilenceView } from '../../../src/link/silence-messages.ts';
import { describeSilence, matchersOf } from '../../../src/cli/remote/silence-client.ts';
import { cli, folderWith } from '../../helpers/cli/cli.ts';

describe('matchers of a command line', () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['DiskFull'], 'alertname="DiskFull"'],
    [
      ['DiskFull', 'severity=critical', 'host!=web-1'],
      'alertname="DiskFull", severity="critical", host!="web-1"',
    ],
    [[String.raw`path=~/a\.b|c`, 'zone!~eu.*'], String.raw`path=~"/a\\.b|c", zone!~"eu.*"`],
    [['{alertname="A b", x="y"}'], '{alertname="A b", x="y"}'],
    [['alertname="A", severity=~"a|b"', 'c=d'], 'alertname="A", severity=~"a|b", c="d"'],
    [['a=b,c=d'], 'a=b,c=d'],
    [['A', 'B'], 'alertname="A", B'],
  ];
  for (const [args, wanted] of cases) {
    test(args.join(' '), () => assert.equal(matchersOf(args), wanted));
  }
});

describe('invalid input is rejected without a request to the monitor', () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['add', '--for', '2h'], /matchers: expected at least one, got none/],
    [['add', 'DiskFull'], /--for: expected a duration such as 30m, 2h or 1d, got none/],
    [['add', 'DiskFull', '--for', 'tomorrow'], /--for: expected a duration such as .*, got tomorrow/],
    [['add', 'DiskFull', '--for', '0s'], /--for: .*, got 0s/],
    [
      ['add', 'a=b,c=d', '--for', '2h'],
      /1:3 of a=b,c=d: expected matchers such as alertname="DiskFull" severity=~"warning\|info", got unexpected/,
    ],
    [['add', 'DiskFull', 'severity', '--for', '2h'], /1:3\d of alertname="DiskFull", severity: expected/],
    [['add', 'severity=~.*', '--for', '2h'], /1:1 of severity=~"\.\*": expected matchers/],
    [['add', 'severity=~(', '--for', '2h'], /of severity=~"\(": expected matchers .*, got/],
    [['remove'], /id: expected one id from `silence list`, got none/],
    [['remove', 'a', 'b'], /id: expected one id .*, got a b/],
  ];
  for (const [args, wanted] of cases) {
    test(args.join(' '), async () => {
      const { code, out, err } = await cli(['silence', ...args]);
      assert.equal(code, 2);
      assert.equal(out, '');
      assert.match(err, wanted);
      assert.match(err, /\[MON_SILENCE\]\n$/);
    });
  }
});

test('without a running monitor the command fails', async (t) => {
  const context = { cwd: folderWith(t, {}), env: { OTEL_SERVICE_NAME: 'shop' } };
  for (const args of [['list'], ['add', 'DiskFull', '--for', '2h'], ['remove', 'x']]) {
    const { code, err } = await cli(['silence', ...args], context);
    assert.equal(code, 2);
    assert.match(err, /no usable response from the monitor of shop: .*\n.*\[MON_REMOTE\]\n$/);
  }
  const alone = { ...context, env: { ...context.env, MONITORING_SHARE_MONITOR: 'false' } };
  assert.match((await cli(['silence', 'list'], alone)).err, /MONITORING_SHARE_MONITOR/);
});

test('a silence as people read it', () => {
  const nowMs = Date.UTC(2026, 10, 24, 6);
  const io = { env: {}, cwd: '/', out() {}, err() {}, now: () => nowMs, color: false };
  const silence: SilenceView = {
    id: '0f4e2c6e',
    matchers: 'alertname="DiskFull"',
    startsAtMs: nowMs - 60_000,
    endsAtMs: nowMs + 7_140_000,
    comment: 'new disk',
    createdBy: 'ops',
    state: 'active',
    mutes: [{ alertname: 'DiskFull', labels: { severity: 'critical' } }],
  };
  assert.equal(
    describeSilence(silence, io),
    [
      'active  1h59m left  alertname="DiskFull"  ops: new disk',
      '  0f4e2c6e  until 2026-11-24T07:59:00.000Z',
      '  mutes DiskFull {severity="critical"}',
      '',
    ].join('\n'),
  );
  const ended = { ...silence, state: 'expired', endsAtMs: nowMs - 5000, mutes: [], comment: '' } as const;
  assert.match(
    describeSilence(ended, io),
    /^expired {2}expired 5s ago {2}alertname="DiskFull" {2}ops\n.*\n$/,
  );
  const quiet = { ...silence, mutes: [] };
  assert.match(describeSilence(quiet, io), /\n {2}no matching alert is firing\n$/);
});
