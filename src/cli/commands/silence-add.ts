import { userInfo } from 'node:os';
import { MatcherError, readMatchers } from '../../alerts/notifications/muting/muting.ts';
import { parseDurationMs } from '../../promql/syntax/durations.ts';
import type { Command, ExitCode } from '../command.ts';
import {
  askSilences,
  describeSilence,
  matchersOf,
  silenceError,
  silenceJson,
} from '../remote/silence-client.ts';

const options = {
  for: { type: 'string', value: '<duration>', description: 'duration such as 30m, 2h or 1d; required' },
  comment: { type: 'string', value: '<text>', description: 'reason' },
  by: { type: 'string', value: '<name>', description: 'author; default: the current user' },
  json: { type: 'boolean', description: 'print one JSON object' },
} as const;

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user may have no name.
    return '';
  }
}

/** Rejects invalid matchers here, before they are sent to the monitor. */
function checked(matchers: string): string {
  try {
    readMatchers(matchers);
    return matchers;
  } catch (error) {
    if (!(error instanceof MatcherError)) throw error;
    const expected = 'matchers such as alertname="DiskFull" severity=~"warning|info"';
    throw silenceError(`1:${error.column} of ${matchers}`, expected, error.message);
  }
}

export const command: Command<typeof options> = {
  args: '<matchers…>',
  about: [
    'Sends no mails and webhooks for alerts that match all matchers, until --for has passed. Alerts that are still firing then',
    'are notified. Matchers are PromQL label matchers; a first word alone is the alert name: DiskFull, severity=critical,',
    'application=~"api|db", host!=web-1. Run it in the folder and with the environment of the service. Silences survive restarts.',
  ],
  options,
  async run({ for: duration, comment = '', by = userName(), json }, args, io): Promise<ExitCode> {
    if (args.length === 0) throw silenceError('matchers', 'at least one', 'none');
    const matchers = checked(matchersOf(args));
    const forMs = parseDurationMs(duration ?? '') ?? 0;
    if (forMs === 0) {
      throw silenceError('--for', 'a duration such as 30m, 2h or 1d', duration ?? 'none');
    }
    const request = { do: 'add', matchers, forMs, comment, createdBy: by } as const;
    for (const silence of await askSilences(request, io)) {
      io.out(json ? `${JSON.stringify(silenceJson(silence))}\n` : describeSilence(silence, io));
    }
    return 0;
  },
};
