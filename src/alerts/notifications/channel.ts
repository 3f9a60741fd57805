import type { Settings } from '../../config/read-settings.ts';
import type { Problem } from '../../errors.ts';
import type { AlertUpdate } from './alert-update.ts';
import type { NotificationMessage } from './notification-message.ts';

export interface Delivery {
  /** Warnings about a message that was delivered. */
  readonly notes: readonly string[];
}

/** A way to notify people. One file per channel, and one row in `channels.ts`. */
export interface Channel {
  /** Stable: names the state of this channel in the state file. */
  readonly name: string;
  /** What people know it by in messages, such as `mail to ops@example.org`. */
  readonly title: string;
  /** True for alerts that this channel sends; not given: those that people are notified of (see `isForPeople`). */
  readonly accepts?: (alert: AlertUpdate) => boolean;
  /**
   * Set for receivers that group, silence and repeat themselves: they get the state of every alert, at once and again
   * after so many milliseconds, also muted ones.
   */
  readonly resendMs?: number;
  /** Delivers, or rejects with a `DeliveryError`. Must settle within its own deadline. */
  send(message: NotificationMessage): Promise<Delivery>;
  /** Closes connections. */
  close(): void;
}

/** What a channel is made from. */
export interface ChannelContext {
  readonly settings: Settings;
  /** Name of the service that the alerts are about. */
  readonly service: string;
  /** Address under which people reach the monitor, asked for each message; empty while it is not known. */
  readonly externalUrl?: () => string;
  readonly readFile: (path: string) => string;
}

/** The channels of one kind, or why there is none: nothing is set (no problem), or what is set does not do. */
export interface ChannelSetup {
  readonly channels: readonly Channel[];
  readonly problems: readonly Problem[];
}

export interface ChannelRow {
  readonly name: string;
  readonly setUp: (context: ChannelContext) => ChannelSetup;
}

/** The alert that always fires, so that its absence shows that nothing is evaluated any more. */
export const WATCHDOG = 'Watchdog';

/** True for alerts that people are notified of; a severity of `none` means that they are not. */
export function isForPeople({ name, labels }: AlertUpdate): boolean {
  return name !== WATCHDOG && labels['severity'] !== 'none';
}

export interface DeliveryFailure {
  /** Code of the library or system, such as `EAUTH` or `ECONNREFUSED`. */
  readonly code: string;
  /** The receiver as a whole cannot be reached, or only this message is refused. */
  readonly scope: 'receiver' | 'message';
  /** True when trying again will not help before somebody changes something. */
  readonly permanent: boolean;
  /** What one can do. */
  readonly help: string;
}

/** A notification could not be delivered. The message has the reason and the remedy. */
export class DeliveryError extends Error {
  /** As `failure.code`, where errors of Node.js and of nodemailer have it. */
  readonly code: string;
  /** Why, without what helps. */
  readonly reason: string;
  readonly failure: DeliveryFailure;

  constructor(reason: string, failure: DeliveryFailure, options?: ErrorOptions) {
    super(`${reason}. You can: ${failure.help}.`, options);
    this.name = 'DeliveryError';
    this.code = failure.code;
    this.reason = reason;
    this.failure = failure;
  }
}
