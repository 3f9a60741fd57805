import type { Checked } from '../../state/checked.ts';
import type { AlertUpdate } from '../alert-update.ts';
import { type Channel, isForPeople } from '../channel.ts';
import { DeliveryLog, type FailedOutcome, outcomeOf } from './delivery-log.ts';
import {
  initialReceiverState,
  nextDueMs,
  nextSend,
  receive,
  type ReceiverState,
  reconcile,
  settle,
} from './dispatch.ts';
import type { NotificationMessage } from '../notification-message.ts';
import type { NotifyPolicy } from './notify-policy.ts';
import type { OwnLog } from '../../../own-log/own-log.ts';
import { restoreReceiver, saveReceiver } from './saved-receiver.ts';

/** How one channel is doing, for the status page and the metrics. */
export interface ChannelStatus {
  readonly name: string;
  readonly title: string;
  readonly delivered: number;
  readonly failed: number;
  /** Groups, or alerts of a feed, that are due and not delivered yet. */
  readonly waiting: number;
  readonly lastDeliveredMs: number | undefined;
  /** Set while the receiver cannot be reached. */
  readonly error: string | undefined;
  readonly retryMs: number | undefined;
}

/** One channel with what it knows and its delivery under way. */
export interface Receiver {
  readonly channel: Channel;
  /** The delivery under way. */
  running: Promise<void> | undefined;
  /** Takes in the alerts; `muted` ones are not sent. */
  update(updates: readonly AlertUpdate[], nowMs: number): void;
  /** Delivers until nothing more is due; answers how often it tried. Never rejects. */
  deliver(nowMs: number): Promise<number>;
  nextDueMs(): number | undefined;
  status(): ChannelStatus;
  /** What outlives a restart; undefined: nothing. */
  save(): unknown;
  /** Reads what `save` answered and gives it back for `adopt`; throws a `ShapeError`. */
  read(saved: Checked): ReceiverState | undefined;
  adopt(state: ReceiverState): void;
  /** Fits an adopted state to the present rules. */
  reconcile(firingIds: ReadonlySet<string>, nowMs: number): void;
}

export interface ReceiverContext {
  readonly policy: NotifyPolicy;
  readonly ownLog: OwnLog;
  readonly now: () => number;
  /** To be called after each attempt: the state has changed. */
  readonly changed: () => void;
}

/** A channel that notifies people: in groups, after waiting, once, with reminders. Decides by `dispatch.ts`. */
export class GroupReceiver implements Receiver {
  readonly channel: Channel;
  running: Promise<void> | undefined;
  readonly #context: ReceiverContext;
  readonly #log: DeliveryLog;
  #state: ReceiverState;

  constructor(channel: Channel, context: ReceiverContext) {
    this.channel = channel;
    this.#context = context;
    this.#log = new DeliveryLog(channel.title, context.ownLog);
    this.#state = initialReceiverState(context.now(), context.policy);
  }

  update(updates: readonly AlertUpdate[], nowMs: number): void {
    const accepted = updates.filter(this.channel.accepts ?? isForPeople);
    this.#state = receive(this.#state, accepted, nowMs, this.#context.policy);
  }

  async deliver(nowMs: number): Promise<number> {
    const { now, policy, changed } = this.#context;
    let attempts = 0;
    for (let atMs = nowMs; ; atMs = now()) {
      const { state, message } = nextSend(this.#state, atMs, policy);
      this.#state = state;
      if (message === undefined) return attempts;
      const failure = await this.#attempt(message);
      this.#state = settle(this.#state, message, failure ?? { kind: 'delivered' }, now(), policy);
      attempts++;
      changed();
    }
  }

  nextDueMs(): number | undefined {
    return nextDueMs(this.#state, this.#context.policy);
  }

  status(): ChannelStatus {
    const { groups, backoff } = this.#state;
    return {
      name: this.channel.name,
      title: this.channel.title,
      ...this.#log.counts,
      waiting: [...groups.values()].filter(({ overdue }) => overdue.size > 0).length,
      error: backoff?.error,
      retryMs: backoff?.untilMs,
    };
  }

  save(): unknown {
    return saveReceiver(this.#state);
  }

  read(saved: Checked): ReceiverState {
    return restoreReceiver(saved);
  }

  adopt(state: ReceiverState): void {
    this.#state = state;
  }

  reconcile(firingIds: ReadonlySet<string>, nowMs: number): void {
    const { accepts = isForPeople } = this.channel;
    const { policy } = this.#context;
    this.#state = reconcile(this.#state, (id) => firingIds.has(id), accepts, nowMs, policy);
  }

  async #attempt(message: NotificationMessage): Promise<FailedOutcome | undefined> {
    try {
      const { notes } = await this.channel.send(message);
      this.#log.delivered(message, notes, this.#context.now());
      return undefined;
    } catch (error) {
      const outcome = outcomeOf(error);
      this.#log.failed(outcome);
      return outcome;
    }
  }
}
