import { parseRfc3339 } from '../../time/rfc3339.ts';
import { formatDurationMs } from '../../promql/syntax/durations.ts';
import { Labels } from '../../samples/labels.ts';
import type { Settings } from '../../config/read-settings.ts';
import { withoutCredentials } from '../../address/masked.ts';
import { MonitoringError } from '../../errors.ts';
import { askApi, RejectedByApi } from '../remote/api.ts';
import type { Command, ExitCode, Io } from '../command.ts';
import { settingsOf } from '../environment.ts';
import { counted, paint } from '../terminal/paint.ts';
import { table } from '../terminal/table.ts';

const options = {
  url: {
    type: 'string',
    value: '<url>',
    description: 'URL of the monitor; default: that of this environment',
  },
  all: { type: 'boolean', description: 'list inactive rules too' },
  json: { type: 'boolean', description: 'print one JSON object: the response of /api/v1/rules' },
} as const;

/** What is read of the answer of /api/v1/rules, of a monitor or of a Prometheus. */
interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: string;
  readonly activeAt: string;
  readonly value: string;
}

interface Rule {
  readonly name: string;
  readonly type: string;
  readonly health: string;
  readonly state?: string;
  readonly lastError?: string;
  readonly alerts?: readonly Alert[];
  readonly waitingFor?: readonly string[];
  readonly lastSeriesFetched?: number;
}

interface Group {
  readonly name: string;
  readonly rules: readonly Rule[];
}

type State = 'firing' | 'pending' | 'error' | 'no data' | 'waiting' | 'unknown' | 'inactive' | 'recorded';

const COLORS = {
  firing: 'red',
  error: 'red',
  pending: 'yellow',
  'no data': 'yellow',
  waiting: 'dim',
  unknown: 'dim',
} as const;
const ORDER: readonly State[] = [
  'firing',
  'pending',
  'error',
  'no data',
  'unknown',
  'waiting',
  'inactive',
  'recorded',
];

function stateOf(rule: Rule): State {
  if (rule.state === 'firing' || rule.state === 'pending') return rule.state;
  if (rule.health === 'err') return 'error';
  if (rule.waitingFor !== undefined) return 'waiting';
  if (rule.health === 'unknown') return 'unknown';
  if (rule.lastSeriesFetched === 0) return 'no data';
  return rule.type === 'recording' ? 'recorded' : 'inactive';
}

function remarkOf(rule: Rule): string {
  if (rule.lastError !== undefined && rule.lastError !== '') return rule.lastError;
  if (rule.waitingFor !== undefined) return `waits for ${rule.waitingFor.join(', ')}`;
  if (stateOf(rule) === 'no data') return 'its selectors match no series';
  const alerts = rule.alerts?.length ?? 0;
  return alerts === 0 ? '' : counted(alerts, 'alert');
}

function age(since: string, nowMs: number): string {
  const ageMs = Math.max(0, nowMs - (parseRfc3339(since) ?? nowMs));
  return formatDurationMs(ageMs - (ageMs % 1000));
}

function alertLine({ labels, state, activeAt, value }: Alert, io: Io): string {
  const { alertname: _name, ...others } = labels;
  return `  ${state} for ${age(activeAt, io.now())}: ${Labels.from(others).toString()} = ${Number(value)}\n`;
}

function show(groups: readonly Group[], all: boolean, io: Io): string {
  const rules = groups.flatMap((group) => group.rules.map((rule) => ({ group, rule, state: stateOf(rule) })));
  const isQuiet = (state: State): boolean => state === 'inactive' || state === 'recorded';
  const shown = rules
    .filter(({ state }) => all || !isQuiet(state))
    .toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  const lines = table(shown.map(({ group, rule, state }) => [state, rule.name, group.name, remarkOf(rule)]))
    .split('\n')
    .slice(0, shown.length);
  const text = lines.map((line, i) => {
    const { rule, state } = shown[i]!;
    const style = state in COLORS ? COLORS[state as keyof typeof COLORS] : undefined;
    const word = style === undefined ? line : paint(io, style, state) + line.slice(state.length);
    return `${word}\n${(rule.alerts ?? []).map((alert) => alertLine(alert, io)).join('')}`;
  });
  const counts = ORDER.map((state) => [state, rules.filter((one) => one.state === state).length] as const);
  const sums = counts.filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`);
  return `${text.join('')}${counted(rules.length, 'rule')}${sums.length === 0 ? '' : `: ${sums.join(', ')}`}\n`;
}

/** Where the monitor of this environment listens. */
function ownAddress({ metricsHost, metricsPort }: Settings): string {
  const host = metricsHost === '0.0.0.0' || metricsHost === '::' ? '127.0.0.1' : metricsHost;
  return `http://${host.includes(':') ? `[${host}]` : host}:${metricsPort}`;
}

export const command: Command<typeof options> = {
  args: '',
  about: [
    'Queries a running monitor or a Prometheus server. Set MONITORING_METRICS_TOKEN if it requires a token.',
    'Exit code 1 if the evaluation of a rule failed.',
  ],
  options,

  async run({ url, all, json }, _args, io): Promise<ExitCode> {
    const { settings } = settingsOf(io);
    const address = url ?? ownAddress(settings);
    let data: { readonly groups: readonly Group[] };
    try {
      data = (await askApi(address, 'rules', { token: settings.metricsToken })) as typeof data;
    } catch (error) {
      if (!(error instanceof RejectedByApi)) throw error;
      const where = withoutCredentials(address);
      throw new MonitoringError('MON_REMOTE', { where, got: error.message, help: 'check the URL' });
    }
    const failed = data.groups.flatMap(({ rules }) => rules).some(({ health }) => health === 'err');
    io.out(json ? `${JSON.stringify({ ...data, ok: !failed })}\n` : show(data.groups, all, io));
    return failed ? 1 : 0;
  },
};
