import { formatRfc3339 } from '../../../time/rfc3339.ts';
import type { AlertUpdate } from '../alert-update.ts';
import type { Channel, ChannelContext, ChannelSetup } from '../channel.ts';
import { channelName, channelsFor, shownTarget } from './http-channel.ts';
import { type HttpTarget, request } from './post-json.ts';

/** How often firing alerts are sent again (Prometheus, --rules.alert.resend-delay). */
const RESEND_MS = 60_000;
/** Alertmanager takes an alert for resolved this long after it was sent last (Prometheus, rules/alerting.go: four resends). */
const VALID_MS = 4 * RESEND_MS;
/** Alerts in one request (Prometheus, notifier: maxBatchSize). */
const BATCH = 256;

function postable(alert: AlertUpdate, externalUrl: string, nowMs: number): unknown {
  const endsAtMs = alert.kind === 'resolved' ? alert.resolvedAtMs : nowMs + VALID_MS;
  return {
    labels: { alertname: alert.name, ...alert.labels },
    annotations: alert.annotations,
    startsAt: formatRfc3339(alert.firedAtMs),
    endsAt: formatRfc3339(endsAtMs),
    ...(externalUrl !== '' && { generatorURL: externalUrl }),
  };
}

/**
 * An Alertmanager that gets the alerts as from Prometheus (API v2): every alert, also those that nobody is notified of
 * here, at once and again each minute, since it does grouping, waiting and repeating itself.
 */
export function createAlertmanagerChannel(
  target: HttpTarget,
  index: number,
  externalUrl: () => string,
  now: () => number = Date.now,
): Channel {
  const api: HttpTarget = { ...target, url: `${target.url.replace(/\/$/, '')}/api/v2/alerts` };
  return {
    name: channelName('alertmanager', index),
    title: `Alertmanager at ${shownTarget(target)}`,
    accepts: () => true,
    resendMs: RESEND_MS,
    async send({ firing, resolved }) {
      const [url, nowMs] = [externalUrl(), now()];
      const alerts = [...firing, ...resolved].map((alert) => postable(alert, url, nowMs));
      for (let from = 0; from < alerts.length; from += BATCH) {
        await request(api, alerts.slice(from, from + BATCH));
      }
      return { notes: [] };
    },
    close() {},
  };
}

export function setUpAlertmanager({ settings, externalUrl = () => '' }: ChannelContext): ChannelSetup {
  return channelsFor('MONITORING_ALERTMANAGER_URL', settings.alertmanagerUrls ?? [], (target, index) =>
    createAlertmanagerChannel(target, index, externalUrl),
  );
}
