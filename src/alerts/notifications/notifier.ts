import type { OwnLog } from '../../own-log/own-log.ts';
import type { Checked } from '../state/checked.ts';
import type { AlertUpdate } from './alert-update.ts';
import type { Channel } from './channel.ts';
import { FeedReceiver } from './dispatch/feed-receiver.ts';
import { defaultInhibitions, type Inhibition, inhibited } from './muting/muting.ts';
import type { NotifyPolicy } from './dispatch/notify-policy.ts';
import {
  type ChannelStatus,
  GroupReceiver,
  type Receiver,
  type ReceiverContext,
} from './dispatch/receiver.ts';
import { SilenceStore } from './muting/silence-store.ts';

export type { ChannelStatus };

export interface NotifierOptions {
  readonly channels: readonly Channel[];
  /** Alerts that are muted while others fire; default: those of the default rules. */
  readonly inhibitions?: readonly Inhibition[];
  readonly policy: NotifyPolicy;
  readonly ownLog: OwnLog;
  readonly now: () => number;
}

/** Notifies people of alerts: decides by `dispatch.ts`, delivers through the channels, remembers what was delivered. */
export interface Notifier {
  /** Takes in the alerts after an evaluation. */
  update(updates: readonly AlertUpdate[], nowMs: number): void;
  /** Delivers what is due, in the background, one message at a time per channel. Never throws. */
  run(nowMs: number): void;
  /** When `run` has something to do next, Unix milliseconds. */
  nextDueMs(): number | undefined;
  /** Resolves when no delivery is under way. */
  settled(): Promise<void>;
  /** Called after each delivery or failed attempt, and once more when no more is under way. */
  onChange(listener: () => void): void;
  /** What fires, muted or not, as last handed over. */
  firing(): readonly AlertUpdate[];
  /** The silences; call `silencesChanged` after adding or removing one. */
  readonly silences: SilenceStore;
  /** Applies changed silences at once. */
  silencesChanged(nowMs: number): void;
  /** The state for the state file. */
  save(): unknown;
  /** Takes over a saved state; throws a `ShapeError`, and changes nothing, when it is none. */
  restore(saved: Checked): void;
  /** Fits a restored state to the present rules: alerts that do not fire among these are over. */
  reconcile(firingIds: ReadonlySet<string>, nowMs: number): void;
  status(): readonly ChannelStatus[];
  /** Starts no further delivery and closes connections. */
  close(): void;
}

/** Builds the notifier over its channels. Without channels it remembers nothing and notifies nobody. */
export function createNotifierOf(options: NotifierOptions): Notifier {
  const { channels } = options;
  const { inhibitions = defaultInhibitions } = options;
  const silences = new SilenceStore();
  /** What fires, whatever its group: one alert mutes others everywhere. */
  const firing = new Map<string, AlertUpdate>();
  let listener = (): void => {};
  let closed = false;
  const { policy, ownLog, now } = options;
  const context: ReceiverContext = { policy, ownLog, now, changed: () => listener() };
  const receivers = channels.map((channel): Receiver =>
    channel.resendMs === undefined
      ? new GroupReceiver(channel, context)
      : new FeedReceiver(channel, channel.resendMs, context),
  );

  /** When a silence next begins or ends; what it muted is sent from then on, whenever its rule is evaluated next. */
  let silenceChangeMs: number | undefined;

  function marked(alert: AlertUpdate, inhibitedIds: ReadonlySet<string>, nowMs: number): AlertUpdate {
    if (alert.kind !== 'firing') return alert;
    const muted = inhibitedIds.has(alert.id) || silences.of(alert, nowMs) !== undefined;
    return muted ? { ...alert, muted } : alert;
  }

  function update(updates: readonly AlertUpdate[], nowMs: number): void {
    for (const alert of updates) {
      if (alert.kind === 'firing') firing.set(alert.id, alert);
      else firing.delete(alert.id);
    }
    const isDue = silenceChangeMs !== undefined && nowMs >= silenceChangeMs;
    const given = isDue ? [...firing.values(), ...updates.filter(({ kind }) => kind !== 'firing')] : updates;
    const inhibitedIds = inhibited([...firing.values()], inhibitions);
    const withMutes = given.map((alert) => marked(alert, inhibitedIds, nowMs));
    for (const receiver of receivers) {
      receiver.update(receiver instanceof FeedReceiver ? given : withMutes, nowMs);
    }
    silenceChangeMs = silences.nextChangeMs(nowMs);
  }

  return {
    silences,
    firing: () => [...firing.values()],
    update,
    silencesChanged(nowMs) {
      update([...firing.values()], nowMs);
      listener();
    },
    run(nowMs) {
      if (closed) return;
      if (silenceChangeMs !== undefined && nowMs >= silenceChangeMs) update([], nowMs);
      for (const receiver of receivers) {
        receiver.running ??= receiver.deliver(nowMs).then((attempts) => {
          receiver.running = undefined;
          if (attempts > 0) listener();
        });
      }
    },
    nextDueMs() {
      const times = receivers
        .filter(({ running }) => running === undefined)
        .map((receiver) => receiver.nextDueMs())
        .concat(silenceChangeMs)
        .filter((atMs) => atMs !== undefined);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
    async settled() {
      await Promise.all(receivers.map(({ running }) => running ?? Promise.resolve()));
    },
    onChange(call) {
      listener = call;
    },
    save: () => ({
      silences: silences.save(),
      channels: receivers
        .map((receiver) => ({ channel: receiver.channel.name, state: receiver.save() }))
        .filter(({ state }) => state !== undefined),
    }),
    restore(saved) {
      const savedSilences = SilenceStore.read(saved.get('silences'));
      const entries = saved.get('channels').list();
      const byName = new Map(entries.map((entry) => [entry.get('channel').text(), entry.get('state')]));
      const read = receivers.map((receiver) => {
        const state = byName.get(receiver.channel.name);
        return { receiver, state: state && receiver.read(state) };
      });
      // All of it could be read: from here on nothing fails.
      silences.replace(savedSilences);
      for (const { receiver, state } of read) if (state !== undefined) receiver.adopt(state);
    },
    reconcile(firingIds, nowMs) {
      for (const receiver of receivers) receiver.reconcile(firingIds, nowMs);
    },
    status: () => receivers.map((receiver) => receiver.status()),
    close() {
      closed = true;
      for (const { channel } of receivers) channel.close();
    },
  };
}
