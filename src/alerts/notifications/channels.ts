import type { Problem } from '../../errors.ts';
import type { Channel, ChannelContext, ChannelRow } from './channel.ts';
import { setUpAlertmanager } from './http/alertmanager-channel.ts';
import { setUpHeartbeat } from './http/heartbeat-channel.ts';
import { setUpWebhook } from './http/webhook-channel.ts';
import { setUpMail } from './mail/mail-channel.ts';

/** Every notification channel, in the order in which they are used. */
export const channelRows: readonly ChannelRow[] = [
  { name: 'mail', setUp: setUpMail },
  { name: 'webhook', setUp: setUpWebhook },
  { name: 'alertmanager', setUp: setUpAlertmanager },
  { name: 'heartbeat', setUp: setUpHeartbeat },
];

/** The channels that the settings ask for, and what is wrong with the others. */
export function setUpChannels(context: ChannelContext): {
  readonly channels: readonly Channel[];
  readonly problems: readonly Problem[];
} {
  const setups = channelRows.map((row) => row.setUp(context));
  return {
    channels: setups.flatMap(({ channels }) => channels),
    problems: setups.flatMap(({ problems }) => problems),
  };
}
