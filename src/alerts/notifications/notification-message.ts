import { createHash } from 'node:crypto';
import type { AlertUpdate } from './alert-update.ts';

/** An alert as people are notified of it (documented form). */
export interface Notification {
  readonly alert: string;
  readonly severity: string;
  readonly description: string;
  readonly timestamp: Date;
  readonly labels: Readonly<Record<string, string>>;
}

/** Why a notification goes out. */
export type NotifyReason = 'new' | 'resolved' | 'repeat';

/** One notification to one receiver: the alerts of a group, or of several groups when there are many at once. */
export interface NotificationMessage {
  /** The same for every attempt to deliver the same content. */
  readonly id: string;
  /** The same for all notifications of a group while it goes on; for threads of mails. */
  readonly thread: string;
  readonly groupKeys: readonly string[];
  readonly reason: NotifyReason;
  readonly firing: readonly AlertUpdate[];
  readonly resolved: readonly AlertUpdate[];
  /** When it should have gone out, Unix milliseconds. */
  readonly dueMs: number;
}

export function hashOf(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

const stamp = (alert: AlertUpdate): string =>
  `${alert.id} ${alert.firedAtMs} ${alert.kind === 'resolved' ? alert.resolvedAtMs : ''}`;

/** Names the content, so that a receiver can recognise a second delivery of it. */
export function messageId(
  message: Omit<NotificationMessage, 'id' | 'dueMs'>,
  lastSentMs: number | undefined,
): string {
  const { groupKeys, reason, firing, resolved } = message;
  return hashOf(
    reason,
    reason === 'repeat' ? (lastSentMs ?? 0) : '',
    ...groupKeys,
    '|',
    ...firing.map(stamp).sort(),
    '|',
    ...resolved.map(stamp).sort(),
  );
}
