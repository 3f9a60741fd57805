import type { Problem } from '../../errors.ts';
import type { Channel, ChannelContext, ChannelRow } from './channel.ts';
import { setUpMail } from './mail/mail-channel.ts';

/** Every way to tell people, in the order in which they are used. */
export const channelRows: readonly ChannelRow[] = [{ name: 'mail', setUp: setUpMail }];

/** The channels that the settings ask for, and what is wrong with the others. */
export function setUpChannels(context: ChannelContext): {
  readonly channels: readonly Channel[];
  readonly problems: readonly Problem[];
} {
  const setups = channelRows.map((row) => row.setUp(context));
  return {
    channels: setups.map(({ channel }) => channel).filter((channel) => channel !== undefined),
    problems: setups.flatMap(({ problems }) => problems),
  };
}
