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
  for: { type: 'string', value: '<duration>', description: 'how long: 30m, 2h, 1d' },
  comment: { type: 'string', value: '<text>', description: 'why' },
  by: { type: 'string', value: '<name>', description: 'who; without: the user of this command' },
  json: { type: 'boolean', description: 'one JSON object' },
} as const;

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user may have no name.
    return '';
  }
}

/** Says what is wrong here, where the text can be corrected, and not at the monitor. */
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
    'Alerts that fit all matchers are not mailed and not posted to webhooks for a while. What still fires then is told.',
    'Matchers are those of PromQL: DiskFull (the name of the alert), severity=critical, application=~"api|db", host!=web-1.',
    'Asks the running monitor, in the folder and with the environment of the service. A silence outlives restarts.',
  ],
  options,
  async run({ for: duration, comment = '', by = userName(), json }, args, io): Promise<ExitCode> {
    if (args.length === 0) throw silenceError('matchers', 'at least one', 'none');
    const matchers = checked(matchersOf(args));
    const forMs = parseDurationMs(duration ?? '') ?? 0;
    if (forMs === 0) {
      throw silenceError('--for', 'a duration such as 30m, 2h or 1d', duration ?? 'nothing');
    }
    const request = { do: 'add', matchers, forMs, comment, createdBy: by } as const;
    for (const silence of await askSilences(request, io)) {
      io.out(json ? `${JSON.stringify(silenceJson(silence))}\n` : describeSilence(silence, io));
    }
    return 0;
  },
};
