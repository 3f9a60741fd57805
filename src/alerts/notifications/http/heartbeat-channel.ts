import { type Channel, type ChannelContext, type ChannelSetup, WATCHDOG } from '../channel.ts';
import { channelsFor, shownTarget } from './http-channel.ts';
import { type HttpTarget, request } from './post-json.ts';

const EVERY_MS = 60_000;
/** Without an evaluation for so long nothing is called, although the alert is remembered as firing. */
const STALE_MS = 3 * EVERY_MS;

/**
 * An address that is called once a minute while the rule Watchdog fires, which it always does: when the calls end, the
 * service, its monitor or the evaluation of rules has ended. A process cannot report its own death; what receives the
 * calls can.
 */
export function createHeartbeatChannel(target: HttpTarget, now: () => number = Date.now): Channel {
  return {
    name: 'heartbeat',
    title: `heartbeat to ${shownTarget(target)}`,
    accepts: ({ name }) => name === WATCHDOG,
    resendMs: EVERY_MS,
    async send({ firing }) {
      if (!firing.some(({ evaluatedAtMs }) => now() - evaluatedAtMs < STALE_MS)) return { notes: [] };
      await request(target, { alertname: WATCHDOG, status: 'firing' });
      return { notes: [] };
    },
    close() {},
  };
}

export function setUpHeartbeat({ settings }: ChannelContext): ChannelSetup {
  const { heartbeatUrl } = settings;
  const addresses = heartbeatUrl === undefined ? [] : [heartbeatUrl];
  return channelsFor('MONITORING_HEARTBEAT_URL', addresses, (target) => createHeartbeatChannel(target));
}
