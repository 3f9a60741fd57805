import { RESOLVED_RETENTION_MS } from '../../rules/step.ts';
import type { AlertUpdate } from '../alert-update.ts';
import { type Channel, isForPeople } from '../channel.ts';
import { DeliveryLog, type FailedOutcome, outcomeOf } from './delivery-log.ts';
import type { Backoff } from './dispatch.ts';
import { hashOf } from '../notification-message.ts';
import { retryDelayMs } from './notify-policy.ts';
import type { ChannelStatus, Receiver, ReceiverContext } from './receiver.ts';

interface Entry {
  readonly alert: AlertUpdate;
  /** When it was last delivered, and as what. */
  readonly sentMs: number | undefined;
  readonly sentAs: AlertUpdate['kind'] | undefined;
}

/**
 * A channel that gets the state of every alert, at once and again each `resendMs`, the end of an alert for a quarter of
 * an hour (Prometheus, rules/alerting.go, needsSending). For receivers that group, wait, silence and repeat
 * themselves: nothing is muted here, and nothing has to outlive a restart.
 */
export class FeedReceiver implements Receiver {
  readonly channel: Channel;
  running: Promise<void> | undefined;
  readonly #context: ReceiverContext;
  readonly #resendMs: number;
  readonly #log: DeliveryLog;
  readonly #entries = new Map<string, Entry>();
  #backoff: Backoff | undefined;

  constructor(channel: Channel, resendMs: number, context: ReceiverContext) {
    this.channel = channel;
    this.#context = context;
    this.#resendMs = resendMs;
    this.#log = new DeliveryLog(channel.title, context.ownLog);
  }

  update(updates: readonly AlertUpdate[], nowMs: number): void {
    for (const alert of updates.filter(this.channel.accepts ?? isForPeople)) {
      const { sentMs, sentAs } = this.#entries.get(alert.id) ?? {};
      // After a clock that was set back nothing may wait for a time that lies ahead.
      const lastMs = sentMs === undefined ? undefined : Math.min(sentMs, nowMs);
      this.#entries.set(alert.id, { alert, sentMs: lastMs, sentAs });
    }
    for (const [id, { alert }] of this.#entries) {
      if (alert.kind === 'resolved' && nowMs - alert.resolvedAtMs > RESOLVED_RETENTION_MS)
        this.#entries.delete(id);
    }
  }

  async deliver(nowMs: number): Promise<number> {
    const { now, changed } = this.#context;
    const due = [...this.#entries.values()].filter((entry) => this.#dueMs(entry) <= nowMs);
    if (due.length === 0 || nowMs < (this.#backoff?.untilMs ?? 0)) return 0;
    const failure = await this.#attempt(
      due.map(({ alert }) => alert),
      nowMs,
    );
    if (failure === undefined) {
      this.#backoff = undefined;
      for (const { alert } of due) this.#sent(alert, now());
    } else {
      const failures = (this.#backoff?.failures ?? 0) + 1;
      this.#backoff = {
        failures,
        untilMs: now() + retryDelayMs(failures, failure.permanent),
        error: failure.error,
      };
    }
    changed();
    return 1;
  }

  nextDueMs(): number | undefined {
    const times = [...this.#entries.values()].map((entry) => this.#dueMs(entry));
    if (times.length === 0) return undefined;
    return Math.max(
      times.reduce((least, atMs) => Math.min(least, atMs)),
      this.#backoff?.untilMs ?? 0,
    );
  }

  status(): ChannelStatus {
    return {
      name: this.channel.name,
      title: this.channel.title,
      ...this.#log.counts,
      waiting: [...this.#entries.values()].filter(({ alert, sentAs }) => sentAs !== alert.kind).length,
      error: this.#backoff?.error,
      retryMs: this.#backoff?.untilMs,
    };
  }

  save(): undefined {
    return undefined;
  }

  read(): undefined {
    return undefined;
  }

  adopt(): void {}

  reconcile(): void {}

  #dueMs({ alert, sentMs, sentAs }: Entry): number {
    return sentMs === undefined || sentAs !== alert.kind ? 0 : sentMs + this.#resendMs;
  }

  /** It may have changed while it was delivered. */
  #sent(delivered: AlertUpdate, nowMs: number): void {
    const entry = this.#entries.get(delivered.id);
    if (entry !== undefined) {
      this.#entries.set(delivered.id, { alert: entry.alert, sentMs: nowMs, sentAs: delivered.kind });
    }
  }

  async #attempt(alerts: readonly AlertUpdate[], nowMs: number): Promise<FailedOutcome | undefined> {
    try {
      const { notes } = await this.channel.send({
        id: hashOf(nowMs, ...alerts.map(({ id }) => id)),
        thread: '',
        groupKeys: [],
        reason: 'repeat',
        firing: alerts.filter(({ kind }) => kind === 'firing'),
        resolved: alerts.filter(({ kind }) => kind === 'resolved'),
        dueMs: nowMs,
      });
      this.#log.delivered(undefined, notes, this.#context.now());
      return undefined;
    } catch (error) {
      const outcome = outcomeOf(error);
      this.#log.failed(outcome);
      return outcome;
    }
  }
}
