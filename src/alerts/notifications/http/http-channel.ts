import { problem } from '../../../errors.ts';
import type { Channel, ChannelSetup } from '../channel.ts';
import { type HttpTarget, targetOf } from './post-json.ts';

/** A channel for each address of a setting; what is no address is reported, and not shown since it may hold a secret. */
export function channelsFor(
  setting: string,
  addresses: readonly string[],
  create: (target: HttpTarget, index: number) => Channel,
): ChannelSetup {
  const targets = addresses.map(targetOf);
  return {
    channels: targets.flatMap((target, i) => (target === undefined ? [] : [create(target, i)])),
    problems: targets.includes(undefined)
      ? [
          problem('MON_NOTIFY_SETTINGS', {
            where: setting,
            expected: 'addresses that start with http:// or https://',
            got: 'something else',
          }),
        ]
      : [],
  };
}

/** `kind`, `kind 2`, `kind 3`: names the state of the channel in the state file. */
export function channelName(kind: string, index: number): string {
  return index === 0 ? kind : `${kind} ${index + 1}`;
}

/** What people see of an address: never its path, query or login. */
export function shownTarget({ url }: HttpTarget): string {
  return new URL(url).host;
}
