import { Outage } from '../../../own-log/outage.ts';
import type { OwnLog } from '../../../own-log/own-log.ts';
import { DeliveryError } from '../channel.ts';
import type { Outcome } from './dispatch.ts';
import type { NotificationMessage } from '../notification-message.ts';

export type FailedOutcome = Extract<Outcome, { kind: 'failed' }> & { readonly help: string };

/** What an error of a channel means for what is tried next. */
export function outcomeOf(error: unknown): FailedOutcome {
  if (error instanceof DeliveryError) {
    const { scope, permanent, help } = error.failure;
    return { kind: 'failed', scope, permanent, help, error: error.reason };
  }
  const text = error instanceof Error ? error.message : String(error);
  const help = 'report this if it happens again';
  return { kind: 'failed', scope: 'receiver', permanent: false, help, error: text };
}

const MAX_NAMES = 5;

/** Counts the deliveries of one channel and logs them in the package's own log. */
export class DeliveryLog {
  readonly #title: string;
  readonly #ownLog: OwnLog;
  #delivered = 0;
  #failed = 0;
  #lastDeliveredMs: number | undefined;
  readonly #outage: Outage;

  constructor(title: string, ownLog: OwnLog) {
    this.#title = title;
    this.#ownLog = ownLog;
    this.#outage = new Outage(ownLog, 'MON_NOTIFY');
  }

  get counts(): {
    readonly delivered: number;
    readonly failed: number;
    readonly lastDeliveredMs: number | undefined;
  } {
    return { delivered: this.#delivered, failed: this.#failed, lastDeliveredMs: this.#lastDeliveredMs };
  }

  /** Without a message only the end of an outage is logged: a feed delivers every minute. */
  delivered(message: NotificationMessage | undefined, notes: readonly string[], nowMs: number): void {
    this.#delivered++;
    this.#lastDeliveredMs = nowMs;
    for (const note of notes) this.#ownLog.warning(`${this.#title}: ${note}`);
    this.#outage.recovered(() => `${this.#title}: sending notifications works again`);
    if (message === undefined) return;
    const { firing, resolved, groupKeys } = message;
    const names = [...new Set([...firing, ...resolved].map(({ name }) => name))];
    const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
    const shown = names.slice(0, MAX_NAMES).join(', ') + more;
    const what = `${firing.length} firing, ${resolved.length} resolved in ${groupKeys.length} group(s)`;
    this.#ownLog.info(`${this.#title}: notified about ${shown} (${what})`);
  }

  /** The first failure is a warning with what helps; the same again only a debug line. */
  failed({ error, help }: FailedOutcome): void {
    this.#failed++;
    this.#ownLog.debug(`${this.#title}: ${error}`);
    const next = 'retrying until it is delivered';
    this.#outage.failed(() => ({ where: this.#title, got: error, next, help }), error);
  }
}
