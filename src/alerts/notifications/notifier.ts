import { formatProblem, problem } from '../../errors.ts';
import type { OwnLog } from '../../logging/own-log.ts';
import type { Checked } from '../checked.ts';
import type { AlertUpdate } from './alert-update.ts';
import { type Channel, DeliveryError, isForPeople } from './channel.ts';
import {
  initialReceiverState,
  nextDueMs,
  nextSend,
  type Outcome,
  receive,
  type ReceiverState,
  reconcile,
  settle,
} from './dispatch.ts';
import type { NotificationMessage } from './notification-message.ts';
import { defaultInhibitions, type Inhibition, inhibited } from './muting.ts';
import type { NotifyPolicy } from './notify-policy.ts';
import { restoreReceiver, saveReceiver } from './saved-receiver.ts';
import { Silences } from './silences.ts';

export interface NotifierOptions {
  readonly channels: readonly Channel[];
  /** Alerts that are not told while others fire; default: those of the default rules. */
  readonly inhibitions?: readonly Inhibition[];
  readonly policy: NotifyPolicy;
  readonly ownLog: OwnLog;
  readonly now: () => number;
}

/** How one channel is doing, for the status page and the metrics. */
export interface ChannelStatus {
  readonly name: string;
  readonly title: string;
  readonly delivered: number;
  readonly failed: number;
  /** Groups with something that is due and not delivered yet. */
  readonly waiting: number;
  readonly lastDeliveredMs: number | undefined;
  /** Set while the receiver cannot be reached. */
  readonly error: string | undefined;
  readonly retryMs: number | undefined;
}

/** Tells people of alerts: decides by `dispatch.ts`, delivers through the channels, remembers what was delivered. */
export interface Notifier {
  /** Takes in how the alerts stand after an evaluation. */
  update(updates: readonly AlertUpdate[], nowMs: number): void;
  /** Delivers what is due, in the background, one message at a time per channel. Never throws. */
  run(nowMs: number): void;
  /** When `run` has something to do next, Unix milliseconds. */
  nextDueMs(): number | undefined;
  /** Resolves when no delivery is under way. */
  settled(): Promise<void>;
  /** Called after each delivery or failed attempt, and once more when no more is under way. */
  onChange(listener: () => void): void;
  /** The silences; call `silencesChanged` after adding or removing one. */
  readonly silences: Silences;
  /** Applies changed silences at once. */
  silencesChanged(nowMs: number): void;
  /** The state for the state file. */
  save(): unknown;
  /** Takes over a saved state; throws a `ShapeError`, and changes nothing, when it is none. */
  restore(saved: Checked): void;
  /** Fits a restored state to the present rules: alerts that do not fire among these are over. */
  reconcile(firingIds: ReadonlySet<string>, nowMs: number): void;
  status(): readonly ChannelStatus[];
  /** Starts no further delivery and lets go of connections. */
  close(): void;
}

function outcomeOf(error: unknown): Extract<Outcome, { kind: 'failed' }> & { readonly help: string } {
  if (error instanceof DeliveryError) {
    const { scope, permanent, help } = error.failure;
    return { kind: 'failed', scope, permanent, help, error: error.reason };
  }
  const text = error instanceof Error ? error.message : String(error);
  return {
    kind: 'failed',
    scope: 'receiver',
    permanent: false,
    help: 'report it if it happens again',
    error: text,
  };
}

/** One channel with its state and its delivery under way. */
class Receiver {
  readonly channel: Channel;
  state: ReceiverState;
  delivered = 0;
  failed = 0;
  lastDeliveredMs: number | undefined;
  running: Promise<void> | undefined;
  readonly policy: NotifyPolicy;
  readonly #options: NotifierOptions;
  readonly #changed: () => void;
  #lastError: string | undefined;

  constructor(channel: Channel, options: NotifierOptions, changed: () => void) {
    this.channel = channel;
    this.#options = options;
    this.#changed = changed;
    this.policy = { ...options.policy, ...channel.policy };
    this.state = initialReceiverState(options.now(), this.policy);
  }

  update(updates: readonly AlertUpdate[], nowMs: number): void {
    const accepted = updates.filter(this.channel.accepts ?? isForPeople);
    this.state = receive(this.state, accepted, nowMs, this.policy);
  }

  reconcile(firingIds: ReadonlySet<string>, nowMs: number): void {
    const { accepts = isForPeople } = this.channel;
    this.state = reconcile(this.state, (id) => firingIds.has(id), accepts, nowMs, this.policy);
  }

  /** Delivers until nothing more is due; answers how often it tried. Never rejects. */
  async deliver(nowMs: number): Promise<number> {
    const { now } = this.#options;
    let attempts = 0;
    for (let atMs = nowMs; ; atMs = now()) {
      const { state, message } = nextSend(this.state, atMs, this.policy);
      this.state = state;
      if (message === undefined) return attempts;
      await this.#attempt(message);
      attempts++;
      this.#changed();
    }
  }

  async #attempt(message: NotificationMessage): Promise<void> {
    const { now } = this.#options;
    try {
      const { notes } = await this.channel.send(message);
      for (const note of notes) this.#options.ownLog.warning(`${this.channel.title}: ${note}`);
      this.delivered++;
      this.lastDeliveredMs = now();
      this.state = settle(this.state, message, { kind: 'delivered' }, now(), this.policy);
      this.#sayDelivered(message);
    } catch (error) {
      const outcome = outcomeOf(error);
      this.failed++;
      this.state = settle(this.state, message, outcome, now(), this.policy);
      this.#sayFailed(outcome);
    }
  }

  #sayDelivered({ firing, resolved, groupKeys }: NotificationMessage): void {
    const { ownLog } = this.#options;
    if (this.#lastError !== undefined) ownLog.info(`${this.channel.title}: delivered again`);
    this.#lastError = undefined;
    const names = [...new Set([...firing, ...resolved].map(({ name }) => name))];
    const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
    const what = `${firing.length} firing, ${resolved.length} resolved in ${groupKeys.length} group(s)`;
    ownLog.info(`${this.channel.title}: told of ${shown} (${what})`);
  }

  /** The first failure is a warning with what helps; the same again only a debug line, so that an outage is no flood. */
  #sayFailed({ error, help }: { readonly error: string; readonly help: string }): void {
    const { ownLog } = this.#options;
    const next = 'trying again until it is delivered';
    if (error === this.#lastError) ownLog.debug(`${this.channel.title}: ${error}`);
    else
      ownLog.warning(
        formatProblem(problem('MON_NOTIFY', { where: this.channel.title, got: error, next, help })),
      );
    this.#lastError = error;
  }
}

/** Builds the notifier over its channels. Without channels it remembers nothing and tells nobody. */
export function createNotifierOf(options: NotifierOptions): Notifier {
  const { channels } = options;
  const { inhibitions = defaultInhibitions } = options;
  const silences = new Silences();
  /** What fires, whatever group it is told in: one alert mutes others everywhere. */
  const firing = new Map<string, AlertUpdate>();
  let listener = (): void => {};
  let closed = false;
  const receivers = channels.map((channel) => new Receiver(channel, options, () => listener()));

  /** When a silence next begins or ends; what it mutes is told from then on, whenever its rule is evaluated next. */
  let silenceChangeMs: number | undefined;

  function marked(alert: AlertUpdate, needless: ReadonlySet<string>, nowMs: number): AlertUpdate {
    if (alert.kind !== 'firing') return alert;
    const muted = needless.has(alert.id) || silences.of(alert, nowMs) !== undefined;
    return muted ? { ...alert, muted } : alert;
  }

  function update(updates: readonly AlertUpdate[], nowMs: number): void {
    for (const alert of updates) {
      if (alert.kind === 'firing') firing.set(alert.id, alert);
      else firing.delete(alert.id);
    }
    const isDue = silenceChangeMs !== undefined && nowMs >= silenceChangeMs;
    const given = isDue ? [...firing.values(), ...updates.filter(({ kind }) => kind !== 'firing')] : updates;
    const needless = inhibited([...firing.values()], inhibitions);
    const toldTo = given.map((alert) => marked(alert, needless, nowMs));
    for (const receiver of receivers) {
      receiver.update(receiver.channel.takesMuted === true ? given : toldTo, nowMs);
    }
    silenceChangeMs = silences.nextChangeMs(nowMs);
  }

  return {
    silences,
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
        .map(({ state, policy }) => nextDueMs(state, policy))
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
      channels: receivers.map(({ channel, state }) => ({
        channel: channel.name,
        state: saveReceiver(state),
      })),
    }),
    restore(saved) {
      const saidSilent = Silences.read(saved.get('silences'));
      const restored = saved
        .get('channels')
        .list()
        .map((entry) => ({
          name: entry.get('channel').text(),
          state: restoreReceiver(entry.get('state')),
        }));
      silences.replace(saidSilent);
      for (const { name, state } of restored) {
        const receiver = receivers.find(({ channel }) => channel.name === name);
        if (receiver !== undefined) receiver.state = state;
      }
    },
    reconcile(firingIds, nowMs) {
      for (const receiver of receivers) receiver.reconcile(firingIds, nowMs);
    },
    status: () =>
      receivers.map(({ channel, state, delivered, failed, lastDeliveredMs }) => ({
        name: channel.name,
        title: channel.title,
        delivered,
        failed,
        waiting: [...state.groups.values()].filter(({ owed }) => owed.size > 0).length,
        lastDeliveredMs,
        error: state.backoff?.error,
        retryMs: state.backoff?.untilMs,
      })),
    close() {
      closed = true;
      for (const { channel } of receivers) channel.close();
    },
  };
}
