import { formatRfc3339 } from '../../../time/rfc3339.ts';
import type { AlertUpdate } from '../alert-update.ts';
import type { Channel, ChannelContext, ChannelSetup } from '../channel.ts';
import type { NotificationMessage } from '../notification-message.ts';
import { fingerprint } from './fingerprint.ts';
import { channelName, channelsFor, shownTarget } from './http-channel.ts';
import { type HttpTarget, request } from './post-json.ts';

/** Go's zero time: Alertmanager writes it for an alert that has not ended. */
const NOT_ENDED = '0001-01-01T00:00:00Z';

const allLabels = ({ name, labels }: AlertUpdate): Record<string, string> => ({ alertname: name, ...labels });

/** The entries that all records have in common. */
function common(records: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...others] = records;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((other) => other[name] === value)),
  );
}

function alertOf(alert: AlertUpdate, externalUrl: string): unknown {
  const labels = allLabels(alert);
  return {
    status: alert.kind,
    labels,
    annotations: alert.annotations,
    startsAt: formatRfc3339(alert.firedAtMs),
    endsAt: alert.kind === 'resolved' ? formatRfc3339(alert.resolvedAtMs) : NOT_ENDED,
    generatorURL: externalUrl,
    fingerprint: fingerprint(labels),
  };
}

/** A notification in the webhook format of Alertmanager, version 4 (its docs/configuration.md, webhook_config). */
export function webhookBody(
  message: NotificationMessage,
  context: { readonly externalUrl: string; readonly maxAlerts: number; readonly groupBy: readonly string[] },
): Readonly<Record<string, unknown>> {
  const all = [...message.firing, ...message.resolved];
  const shared = common(all.map(allLabels));
  return {
    version: '4',
    groupKey: message.groupKeys.length === 1 ? message.groupKeys[0] : message.thread,
    truncatedAlerts: Math.max(0, all.length - context.maxAlerts),
    status: message.firing.length > 0 ? 'firing' : 'resolved',
    receiver: 'webhook',
    groupLabels: Object.fromEntries(
      Object.entries(shared).filter(([name]) => context.groupBy.includes(name)),
    ),
    commonLabels: shared,
    commonAnnotations: common(all.map(({ annotations }) => annotations)),
    externalURL: context.externalUrl,
    alerts: all.slice(0, context.maxAlerts).map((alert) => alertOf(alert, context.externalUrl)),
  };
}

export interface WebhookOptions {
  /** Asked for each message; empty while it is not known. */
  readonly externalUrl: () => string;
  readonly maxAlerts: number;
  readonly groupBy: readonly string[];
}

/** An address that alerts are posted to. */
export function createWebhookChannel(target: HttpTarget, index: number, options: WebhookOptions): Channel {
  return {
    name: channelName('webhook', index),
    title: `webhook at ${shownTarget(target)}`,
    async send(message) {
      await request(target, webhookBody(message, { ...options, externalUrl: options.externalUrl() }));
      return { notes: [] };
    },
    close() {},
  };
}

export function setUpWebhook({ settings, externalUrl = () => '' }: ChannelContext): ChannelSetup {
  const { webhookUrls = [], notifyMaxAlerts: maxAlerts, notifyGroupBy: groupBy } = settings;
  return channelsFor('MONITORING_WEBHOOK_URL', webhookUrls, (target, index) =>
    createWebhookChannel(target, index, { externalUrl, maxAlerts, groupBy }),
  );
}
