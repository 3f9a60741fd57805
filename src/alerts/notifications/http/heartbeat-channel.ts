import { type Channel, type ChannelContext, type ChannelSetup, WATCHDOG } from '../channel.ts';
import { channelsFor, shownTarget } from './http-channel.ts';
import { type HttpTarget, request } from './post-json.ts';

export interface HeartbeatOptions {
  /** Time between two calls. */
  readonly everyMs: number;
  /** Time between two evaluations of the rule. */
  readonly rulesIntervalMs: number;
  readonly now?: () => number;
}

/** After so many calls or evaluations without news nothing is called, although the alert is remembered as firing. */
const STALE_TIMES = 3;

/**
 * An address that is called again and again while the rule Watchdog fires, which it always does: when the calls end, the
 * service, its monitor or the evaluation of rules has ended. A process cannot report its own death; what receives the
 * calls can.
 */
export function createHeartbeatChannel(target: HttpTarget, options: HeartbeatOptions): Channel {
  const { everyMs, rulesIntervalMs, now = Date.now } = options;
  const staleMs = STALE_TIMES * Math.max(everyMs, rulesIntervalMs);
  return {
    name: 'heartbeat',
    title: `heartbeat to ${shownTarget(target)}`,
    accepts: ({ name }) => name === WATCHDOG,
    resendMs: everyMs,
    async send({ firing }) {
      if (!firing.some(({ evaluatedAtMs }) => now() - evaluatedAtMs < staleMs)) return { notes: [] };
      await request(target, { alertname: WATCHDOG, status: 'firing' });
      return { notes: [] };
    },
    close() {},
  };
}

export function setUpHeartbeat({ settings }: ChannelContext): ChannelSetup {
  const { heartbeatUrl, heartbeatIntervalMs: everyMs, rulesIntervalMs } = settings;
  const addresses = heartbeatUrl === undefined ? [] : [heartbeatUrl];
  return channelsFor('MONITORING_HEARTBEAT_URL', addresses, (target) =>
    createHeartbeatChannel(target, { everyMs, rulesIntervalMs }),
  );
}
