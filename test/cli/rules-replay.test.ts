import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiServer } from '../helpers/api/api-server.ts';
import { cli, type CliRun, folderWith } from '../helpers/cli/cli.ts';

/** 06:00 on the day of the tests. */
const SECOND = 1_795_500_000;
const at = (minutes: number): string => new Date((SECOND + minutes * 60) * 1000).toISOString();

/** One sample every 15 s: low for 5 minutes, high for 5, low for 10, high for 2, low for 10, then high to the end. */
const LOAD = [
  'load{host="a"} 1x19 9x19 1x39 9x7 1x39 9x40'.replaceAll(/(\d)x(\d+)/g, '$1+0x$2'),
  'load{host="b"} 1+0x160',
];

const RULES = `groups:
  - name: g
    interval: 30s
    rules:
      - alert: High
        expr: load > 5
        for: 1m
        labels: { severity: page, where: "{{ $labels.host }}" }
        annotations: { summary: "{{ query \\"nothing\\" | first | value }}" }
      - alert: Low
        expr: load < 0
      - record: load:double
        expr: load * 2
`;

interface Json {
  readonly rules: readonly {
    readonly name: string;
    readonly fired: number;
    readonly firingSeconds: number;
    readonly longestSeconds: number;
    readonly cancelled: number;
    readonly error?: string;
    readonly episodes: readonly {
      labels: Record<string, string>;
      firedAt: string;
      resolvedAt: string | null;
    }[];
  }[];
  readonly ok: boolean;
}

async function replay(
  t: Parameters<typeof apiServer>[0],
  rules: string,
  ...args: readonly string[]
): Promise<CliRun & { readonly url: string }> {
  const { url } = await apiServer(t, { series: LOAD, second: SECOND, token: 'remote-token' });
  const cwd = folderWith(t, { 'rules.yml': rules });
  const words = ['rules', 'replay', 'rules.yml', '--url', url, '--from', at(0), '--to', at(40), ...args];
  return { ...(await cli(words, { cwd, env: { MONITORING_PROMETHEUS_TOKEN: 'remote-token' } })), url };
}

test('the state machine runs over the history: when, how often and how long each rule fired', async (t) => {
  const { code, out, err } = await replay(t, RULES, '--json');
  assert.deepEqual([code, err], [0, '']);
  const { rules, ok } = JSON.parse(out) as Json;
  assert.equal(ok, true);
  const labels = { alertname: 'High', host: 'a', severity: 'page', where: 'a' };
  assert.deepEqual(rules, [
    {
      name: 'High',
      group: 'g',
      fired: 3,
      firingSeconds: 240 + 60 + 420,
      longestSeconds: 420,
      cancelled: 0,
      episodes: [
        // High from minute 5 on, pending for one minute.
        { labels, firedAt: at(6), resolvedAt: at(10) },
        { labels, firedAt: at(21), resolvedAt: at(22) },
        { labels, firedAt: at(33), resolvedAt: null },
      ],
    },
    { name: 'Low', group: 'g', fired: 0, firingSeconds: 0, longestSeconds: 0, cancelled: 0, episodes: [] },
  ]);
});

test('lines show the same', async (t) => {
  const { out } = await replay(t, RULES);
  const lines = out.split('\n');
  assert.match(lines[0] ?? '', /^High: fired 3 times, 12m in total, longest 7m$/);
  assert.equal(lines[1], `  ${at(6)}  4m  {host="a", severity="page", where="a"}`);
  assert.match(lines[3] ?? '', /\(still firing\)/);
  assert.equal(lines[4], 'Low: never fired');
  assert.match(lines[5] ?? '', /1 of 2 rules fired$/);
});

test('a longer duration leaves alerts pending, which is counted', async (t) => {
  const { out } = await replay(t, RULES.replace('for: 1m', 'for: 4m'), '--json');
  const { rules } = JSON.parse(out) as Json;
  assert.deepEqual([rules[0]?.fired, rules[0]?.cancelled], [2, 1]);
});

test('keep_firing_for joins episodes', async (t) => {
  const { out } = await replay(
    t,
    RULES.replace('for: 1m', 'for: 1m\n        keep_firing_for: 15m'),
    '--json',
  );
  assert.equal((JSON.parse(out) as Json).rules[0]?.fired, 1);
});

test('query_offset looks so much earlier, and a limit that is exceeded is a failure', async (t) => {
  const offset = await replay(
    t,
    RULES.replace('interval: 30s', 'interval: 30s\n    query_offset: 2m'),
    '--json',
  );
  assert.equal((JSON.parse(offset.out) as Json).rules[0]?.episodes[0]?.firedAt, at(8));
  const limited = await replay(
    t,
    RULES.replace('interval: 30s', 'interval: 30s\n    limit: 1').replace('> 5', '> 0'),
  );
  assert.equal(limited.code, 1);
  assert.match(limited.out, /failed \d+ times: exceeded limit of 1 with 2 alerts/);
});

test('more steps than one answer may have are asked for in several requests', async (t) => {
  const { code, out } = await replay(t, RULES, '--step', '200ms', '--json');
  assert.equal(code, 0);
  const { rules } = JSON.parse(out) as Json;
  assert.deepEqual(
    rules[0]?.episodes.slice(0, 2).map(({ firedAt, resolvedAt }) => [firedAt, resolvedAt]),
    [
      [at(6), at(10)],
      [at(21), at(22)],
    ],
  );
});

test('what the server refuses is reported for the rule; the others are replayed', async (t) => {
  const rules = `groups:
  - name: g
    rules:
      - { alert: Refused, expr: 'count_over_time(vector(1)[1y:1ms]) > 1' }
      - { alert: High, expr: load > 5 }
`;
  const { code, out } = await replay(t, rules);
  assert.equal(code, 1);
  assert.match(out, /^Refused: failed 1 time: execution: .*$/m);
  assert.match(out, /^High: fired 3 times/m);
});

test('wrong times, steps, addresses and servers end with code 2', async (t) => {
  const { url } = await replay(t, RULES);
  const cwd = folderWith(t, { 'rules.yml': RULES });
  const run = (...args: readonly string[]): Promise<CliRun> =>
    cli(['rules', 'replay', 'rules.yml', ...args], { cwd });
  const env = { MONITORING_PROMETHEUS_TOKEN: 'remote-token' };
  const notAnApi = ['rules', 'replay', 'rules.yml', '--url', `${url}/api`];
  assert.match((await cli(notAnApi, { cwd, env })).err, /status 404, not a Prometheus API/);
  for (const [args, expected] of [
    [[], /--url or MONITORING_PROMETHEUS_URL is required/],
    [
      ['--url', url, '--from', 'whenever'],
      /--from: expected a time such as 7d or 2026-11-17, got "whenever"/,
    ],
    [['--url', url, '--from', '1d', '--to', '2d'], /--from: expected a time before --to/],
    [['--url', url, '--step', 'fast'], /--step: expected a time such as 15s/],
    [['--url', 'prometheus:9090'], /expected a URL such as http/],
    [['--url', url], /status 401, credentials required/],
  ] as const) {
    const { code, err } = await run(...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, expected);
  }
});
