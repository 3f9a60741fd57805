import { formatRfc3339 } from '../../time/rfc3339.ts';
import { defaultGroups } from '../../alerts/default-rules/index.ts';
import { formatDurationMs, parseDurationMs } from '../../promql/syntax/durations.ts';
import type { RuleGroup } from '../../alerts/rules/rule.ts';
import { MonitoringError } from '../../errors.ts';
import { RejectedByApi } from '../remote/api.ts';
import type { Command, ExitCode, Io } from '../command.ts';
import { defaultGroupsOf, exitCodeOf, rulesFor, settingsOf } from '../environment.ts';
import { findingOf } from '../lint/finding.ts';
import { counted, paint } from '../terminal/paint.ts';
import { parseMoment } from '../terminal/parse-time.ts';
import { remotePrometheus } from '../replay/remote-prometheus.ts';
import { type Episode, type Replay, replayRule, type ReplayTimes } from '../replay/replay-rule.ts';

const options = {
  url: {
    type: 'string',
    value: '<url>',
    description: 'URL of the Prometheus server; default: MONITORING_PROMETHEUS_URL',
  },
  from: {
    type: 'string',
    value: '<time>',
    description: 'start: 7d (ago, the default), 2026-11-17, RFC 3339 or Unix seconds',
  },
  to: { type: 'string', value: '<time>', description: 'end, in the same formats; default: now' },
  step: {
    type: 'string',
    value: '<time>',
    description: 'evaluation interval; default: the interval of each group',
  },
  'default-rules': { type: 'boolean', description: 'with files: the rules of the package as well' },
  all: { type: 'boolean', description: 'list all firings, not only the first ten of each rule' },
  json: { type: 'boolean', description: 'print one JSON object instead of text' },
} as const;

const MAX_SHOWN = 10;
const DEFAULT_FROM = '7d';

interface RuleReplay {
  readonly name: string;
  readonly group: string;
  readonly replay: Replay;
  /** Sum and longest of the times that it fired, milliseconds. */
  readonly firingMs: number;
  readonly longestMs: number;
}

function wrong(got: string): MonitoringError {
  return new MonitoringError('MON_COMMAND', { got, help: 'geometra-monitoring rules replay --help' });
}

function moment(name: string, text: string, nowMs: number): number {
  const timeMs = parseMoment(text, nowMs);
  if (timeMs === undefined) throw wrong(`--${name}: expected a time such as 7d or 2026-11-17, got "${text}"`);
  return timeMs;
}

/** Rounded to seconds, because the end of the replay is not always a step. */
const inSeconds = (valueMs: number): string => formatDurationMs(Math.round(valueMs / 1000) * 1000);

const lastedMs = ({ firedAtMs, resolvedAtMs }: Episode, toMs: number): number =>
  (resolvedAtMs ?? toMs) - firedAtMs;

async function replayed(
  group: RuleGroup,
  times: ReplayTimes,
  queryRange: ReturnType<typeof remotePrometheus>,
): Promise<readonly RuleReplay[]> {
  const results: RuleReplay[] = [];
  for (const rule of group.rules) {
    if (rule.kind !== 'alerting') continue;
    let replay: Replay;
    try {
      replay = await replayRule(rule, group, times, queryRange);
    } catch (error) {
      if (!(error instanceof RejectedByApi)) throw error;
      replay = { episodes: [], cancelled: 0, failures: 1, error: error.message };
    }
    const lengths = replay.episodes.map((episode) => lastedMs(episode, times.toMs));
    results.push({
      name: rule.name,
      group: group.name,
      replay,
      firingMs: lengths.reduce((sum, length) => sum + length, 0),
      longestMs: Math.max(0, ...lengths),
    });
  }
  return results;
}

function showRule(
  { name, replay, firingMs, longestMs }: RuleReplay,
  toMs: number,
  all: boolean,
  io: Io,
): string {
  const { episodes, cancelled, failures, error } = replay;
  const title = paint(io, 'bold', name);
  const failed = error === undefined ? '' : paint(io, 'red', `failed ${counted(failures, 'time')}: ${error}`);
  const pending = cancelled === 0 ? '' : `, pending without firing ${counted(cancelled, 'time')}`;
  if (episodes.length === 0) return `${title}: ${failed === '' ? `never fired${pending}` : failed}\n`;
  const sum = `${inSeconds(firingMs)} in total, longest ${inSeconds(longestMs)}`;
  const shown = all ? episodes : episodes.slice(0, MAX_SHOWN);
  const lines = shown.map((episode) => {
    const { labels, firedAtMs, resolvedAtMs } = episode;
    const length = inSeconds(lastedMs(episode, toMs));
    const what = labels.drop(['alertname']).toString();
    return `  ${formatRfc3339(firedAtMs)}  ${length}${resolvedAtMs === undefined ? ' (still firing)' : ''}  ${what}\n`;
  });
  const more = episodes.length - shown.length;
  const rest = more > 0 ? `  … and ${counted(more, 'time')} more\n` : '';
  const tail = failed === '' ? '' : `; ${failed}`;
  const head = `${title}: fired ${counted(episodes.length, 'time')}, ${sum}${pending}${tail}\n`;
  return head + lines.join('') + rest;
}

function toJson({ name, group, replay, firingMs, longestMs }: RuleReplay): Readonly<Record<string, unknown>> {
  const { episodes, cancelled, error } = replay;
  return {
    name,
    group,
    fired: episodes.length,
    firingSeconds: firingMs / 1000,
    longestSeconds: longestMs / 1000,
    cancelled,
    ...(error !== undefined && { error }),
    episodes: episodes.map(({ labels, firedAtMs, resolvedAtMs }) => ({
      labels: labels.toRecord(),
      firedAt: formatRfc3339(firedAtMs),
      resolvedAt: resolvedAtMs === undefined ? null : formatRfc3339(resolvedAtMs),
    })),
  };
}

export const command: Command<typeof options> = {
  args: '[files or folders…]',
  about: [
    'Queries a Prometheus server for the history of each expression and shows how often, when and for how long each rule',
    'would have fired. Default: the rules of this environment. Recording rules are not replayed: their series must exist on',
    'the server. Set MONITORING_PROMETHEUS_TOKEN for a bearer token.',
  ],
  options,

  async run({ url, from, to, step, 'default-rules': withDefaults, all, json }, files, io): Promise<ExitCode> {
    const { settings } = settingsOf(io);
    const address = url ?? settings.prometheusUrl;
    if (address === undefined) {
      throw wrong('--url or MONITORING_PROMETHEUS_URL is required: the URL of a Prometheus server');
    }
    const toMs = moment('to', to ?? 'now', io.now());
    const fromMs = moment('from', from ?? DEFAULT_FROM, io.now());
    if (fromMs >= toMs) throw wrong('--from: expected a time before --to');
    const givenMs = step === undefined ? undefined : parseDurationMs(step);
    if (step !== undefined && (givenMs ?? 0) === 0) {
      throw wrong(`--step: expected a time such as 15s, got "${step}"`);
    }
    const { groups, problems } = rulesFor(files, io);
    for (const { where, message } of problems.map(findingOf)) io.err(`${where}: error: ${message}\n`);
    if (problems.length > 0) {
      if (json) io.out(`${JSON.stringify({ findings: problems.map(findingOf), ok: false })}\n`);
      return exitCodeOf(problems);
    }
    const defaults = files.length === 0 ? defaultGroupsOf(io) : withDefaults ? defaultGroups() : [];
    const queryRange = remotePrometheus(address, settings.prometheusToken);
    const results: RuleReplay[] = [];
    for (const group of [...groups, ...defaults]) {
      const stepMs = givenMs ?? group.intervalMs ?? settings.rulesIntervalMs;
      // At the times at which a monitor would have evaluated.
      const times = { fromMs: Math.ceil(fromMs / stepMs) * stepMs, toMs, stepMs };
      const some = await replayed(group, times, queryRange);
      results.push(...some);
      if (!json) io.out(some.map((one) => showRule(one, toMs, all, io)).join(''));
    }
    const ok = results.every(({ replay }) => replay.error === undefined);
    const fired = results.filter(({ replay }) => replay.episodes.length > 0).length;
    const [begin, end] = [fromMs, toMs].map((timeMs) => formatRfc3339(timeMs));
    if (json) io.out(`${JSON.stringify({ from: begin, to: end, rules: results.map(toJson), ok })}\n`);
    else io.out(`${begin} to ${end}: ${fired} of ${counted(results.length, 'rule')} fired\n`);
    return ok ? 0 : 1;
  },
};
