import { readFileSync } from 'node:fs';
import type { Settings } from '../../config/read-settings.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import type { Channel } from './channel.ts';
import { setUpChannels } from './channels.ts';
import { createNotifierOf, type Notifier } from './notifier.ts';
import type { NotifyPolicy } from './dispatch/notify-policy.ts';

export interface CreateNotifierOptions {
  readonly settings: Settings;
  /** Name of the service that the alerts are about. */
  readonly service: string;
  readonly ownLog: OwnLog;
  readonly now?: () => number;
  /** Address under which people reach the monitor, asked for each message; empty while it is not known. */
  readonly externalUrl?: () => string;
  /** Instead of the channels that the settings ask for. */
  readonly channels?: readonly Channel[];
  readonly readFile?: (path: string) => string;
}

/** When notifications go out, by the settings. */
export function policyOf(settings: Settings): NotifyPolicy {
  return {
    groupBy: settings.notifyGroupBy,
    groupWaitMs: settings.notifyGroupWaitMs,
    groupIntervalMs: settings.notifyGroupIntervalMs,
    repeatMs: settings.notifyRepeatMs,
    sendResolved: settings.notifyResolved,
    burst: settings.notifyBurst,
    refillMs: 3_600_000 / settings.notifyPerHour,
  };
}

/** The notifier of the settings. What is wrong with a channel is logged, and the others work; never throws. */
export function createNotifier(options: CreateNotifierOptions): Notifier {
  const { settings, service, ownLog, now = Date.now, externalUrl } = options;
  const { readFile = (path: string): string => readFileSync(path, 'utf8') } = options;
  let { channels } = options;
  if (channels === undefined) {
    const setup = setUpChannels({ settings, service, readFile, ...(externalUrl && { externalUrl }) });
    ownLog.problems(setup.problems);
    ({ channels } = setup);
  }
  return createNotifierOf({ channels, policy: policyOf(settings), ownLog, now });
}
