import { formatRfc3339 } from '../../time/rfc3339.ts';
import { fits, MatcherError, readMatchers } from '../../alerts/notifications/muting/muting.ts';
import type { Notifier } from '../../alerts/notifications/notifier.ts';
import { type Silence, SilenceError, silenceState } from '../../alerts/notifications/muting/silence-store.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import type { SilenceAnswer, SilenceRequest, SilenceView } from '../../link/silence-messages.ts';

type Notifying = Pick<Notifier, 'silences' | 'silencesChanged' | 'firing'>;

function viewOf(silence: Silence, notifier: Notifying, nowMs: number): SilenceView {
  const state = silenceState(silence, nowMs);
  const matchers = readMatchers(silence.matchers);
  const muted = state === 'active' ? notifier.firing().filter((alert) => fits(alert, matchers)) : [];
  return { ...silence, state, mutes: muted.map(({ name, labels }) => ({ alertname: name, labels })) };
}

function add(
  request: Extract<SilenceRequest, { do: 'add' }>,
  notifier: Notifying,
  nowMs: number,
): SilenceAnswer {
  const { matchers, forMs, comment, createdBy } = request;
  if (!(forMs > 0)) return { ok: false, where: 'its length', expected: 'some time', got: `${forMs} ms` };
  try {
    const times = { startsAtMs: nowMs, endsAtMs: nowMs + forMs };
    const silence = notifier.silences.add({ matchers, ...times, comment, createdBy });
    notifier.silencesChanged(nowMs);
    return { ok: true, silences: [viewOf(silence, notifier, nowMs)] };
  } catch (error) {
    if (error instanceof SilenceError) {
      return { ok: false, where: error.field, expected: error.expected, got: 'something else' };
    }
    if (!(error instanceof MatcherError)) throw error;
    const where = `1:${error.column} of ${matchers}`;
    return { ok: false, where, expected: 'matchers such as alertname="DiskFull"', got: error.message };
  }
}

function remove(id: string, notifier: Notifying, nowMs: number): SilenceAnswer {
  const present = notifier.silences
    .list(nowMs)
    .filter((silence) => silence.id.startsWith(id) && silenceState(silence, nowMs) !== 'expired');
  const [found] = present;
  if (found === undefined || id === '' || present.length > 1) {
    const got = present.length > 1 ? `the beginning of ${present.length} silences` : 'an unknown id';
    return {
      ok: false,
      where: id === '' ? 'the id' : id,
      expected: 'the id of an active or pending silence',
      got,
    };
  }
  notifier.silences.remove(found.id, nowMs);
  notifier.silencesChanged(nowMs);
  return { ok: true, silences: [viewOf({ ...found, endsAtMs: nowMs }, notifier, nowMs)] };
}

function logChange(request: SilenceRequest, answer: SilenceAnswer, ownLog: Pick<OwnLog, 'info'>): void {
  if (!answer.ok || request.do === 'list') return;
  for (const { matchers, createdBy, endsAtMs } of answer.silences) {
    const what = JSON.stringify({ matchers, createdBy });
    if (request.do === 'remove') ownLog.info(`alerts: silence removed: ${what}`);
    else ownLog.info(`alerts: silence until ${formatRfc3339(endsAtMs)}: ${what}`);
  }
}

function answerOf(request: SilenceRequest, notifier: Notifying, nowMs: number): SilenceAnswer {
  switch (request.do) {
    case 'add':
      return add(request, notifier, nowMs);
    case 'remove':
      return remove(request.id, notifier, nowMs);
    case 'list':
      return {
        ok: true,
        silences: notifier.silences.list(nowMs).map((silence) => viewOf(silence, notifier, nowMs)),
      };
  }
}

/**
 * Does what the command line asks; what it changes holds at once and is in the state file when this returns. Never
 * throws: the command line may be of another version of the package.
 */
export function answerSilence(
  request: SilenceRequest,
  notifier: Notifying,
  ownLog: Pick<OwnLog, 'info'>,
  nowMs: number,
): SilenceAnswer {
  try {
    const answer = answerOf(request, notifier, nowMs);
    logChange(request, answer, ownLog);
    return answer;
  } catch (error) {
    const got = (error as Error).message;
    return {
      ok: false,
      where: 'the request',
      expected: 'a request that this version of the monitor knows',
      got,
    };
  }
}
