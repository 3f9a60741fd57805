import { formatRfc3339 } from '../../time/rfc3339.ts';
import { formatDurationMs } from '../../promql/syntax/durations.ts';
import { Labels } from '../../samples/labels.ts';
import { MonitoringError } from '../../errors.ts';
import type { SilenceRequest, SilenceView } from '../../link/silence-messages.ts';
import { askMonitor } from './monitor-socket.ts';
import type { Io } from '../command.ts';
import { paint } from '../terminal/paint.ts';

/** Something about a silence is not as it has to be. */
export function silenceError(where: string, expected: string, got: string): MonitoringError {
  return new MonitoringError('MON_SILENCE', { where, expected, got });
}

/** Asks the running monitor. Throws a `MonitoringError`: MON_REMOTE without one, MON_SILENCE when it refuses. */
export async function askSilences(request: SilenceRequest, io: Io): Promise<readonly SilenceView[]> {
  const answer = await askMonitor(io, { kind: 'silence', request }, (message) =>
    message.kind === 'silenced' ? message.answer : undefined,
  );
  if (answer.ok) return answer.silences;
  throw silenceError(answer.where, answer.expected, answer.got);
}

/** `DiskFull` alone, as the first matcher. */
const NAME = /^[A-Za-z_]\w*$/;
/** A shell takes the quotes away from `severity="critical"`; a value with a comma, brace or blank needs them. */
const UNQUOTED = /^([A-Za-z_][\w.]*)(=~|!~|!=|=)([^\s,{}"'`]*)$/;

/** The matchers of the arguments as PromQL writes them; whether they are right is another question. */
export function matchersOf(args: readonly string[]): string {
  const written = args.map((arg, i) => {
    if (i === 0 && NAME.test(arg)) return `alertname="${arg}"`;
    const [, label, operator, value] = UNQUOTED.exec(arg) ?? [];
    return value === undefined ? arg : `${label!}${operator!}${JSON.stringify(value)}`;
  });
  return written.join(', ');
}

const STATE_COLORS = { active: 'yellow', pending: 'cyan', expired: 'dim' } as const;

const seconds = (ms: number): string => formatDurationMs(Math.max(1, Math.round(ms / 1000)) * 1000);

function remaining({ state, startsAtMs, endsAtMs }: SilenceView, nowMs: number): string {
  if (state === 'expired') return `expired ${seconds(nowMs - endsAtMs)} ago`;
  return state === 'active'
    ? `${seconds(endsAtMs - nowMs)} left`
    : `starts in ${seconds(startsAtMs - nowMs)}`;
}

/** A silence for people: a line, its id and end, and a line for each alert that it mutes now. */
export function describeSilence(silence: SilenceView, io: Io): string {
  const { state, matchers, createdBy, comment, id, endsAtMs, mutes } = silence;
  const by = [createdBy, comment].filter((text) => text !== '').join(': ');
  const head = [paint(io, STATE_COLORS[state], state), remaining(silence, io.now()), matchers, by];
  const lines = [
    head.filter((text) => text !== '').join('  '),
    `  ${id}  until ${formatRfc3339(endsAtMs)}`,
    ...mutes.map(({ alertname, labels }) => `  mutes ${alertname} ${Labels.from(labels).toString()}`),
  ];
  if (state === 'active' && mutes.length === 0) lines.push('  no matching alert is firing');
  return `${lines.join('\n')}\n`;
}

const instant = (ms: number): string => formatRfc3339(ms);

/** A silence as the commands write it with `--json`. */
export function silenceJson({ startsAtMs, endsAtMs, ...silence }: SilenceView): unknown {
  return { ...silence, startsAt: instant(startsAtMs), endsAt: instant(endsAtMs) };
}
