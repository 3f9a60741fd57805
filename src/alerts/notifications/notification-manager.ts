import { MonitoringError } from '../../errors.ts';
import { mailOfNotification } from './mail/mail-model.ts';
import { DEFAULT_TIMEOUT_MS, type MailOptions, readEnvelope, type TlsMode } from './mail/mail-options.ts';
import { sendMail } from './mail/mail-sender.ts';
import type { Notification } from './notification-message.ts';

/** The options of a `NotificationManager` besides the server and the login. */
export interface NotificationManagerOptions {
  /** Sender; not given: the user. */
  readonly from?: string;
  /** Recipients. There is no default. */
  readonly to?: string | readonly string[];
  /** `required` (default): no mail without TLS. `optional`: STARTTLS where offered. `off`: plain text. */
  readonly tls?: TlsMode;
  /** PEM text of the authority that signed the server's certificate. */
  readonly ca?: string;
  /** Name that the certificate has to be for; not given: the host. */
  readonly tlsName?: string;
  /** How long each step towards the server may take, milliseconds; default 15 seconds. */
  readonly timeoutMs?: number;
}

function checkNotification(notification: Notification): void {
  const fail = (field: string, expected: string, got: unknown): never => {
    const where = `notification.${field}`;
    const shown = JSON.stringify(got) ?? 'nothing';
    throw new MonitoringError('MON_MAIL_SETTINGS', { where, expected, got: shown, next: 'no mail is sent' });
  };
  for (const field of ['alert', 'severity', 'description'] as const) {
    if (typeof notification[field] !== 'string') fail(field, 'a text', notification[field]);
  }
  const timestamp = notification.timestamp as unknown;
  if (!(timestamp instanceof Date) || Number.isNaN(timestamp.getTime()))
    fail('timestamp', 'a Date', timestamp);
  const labels = notification.labels as unknown;
  const right = typeof labels === 'object' && labels !== null;
  if (!right || !Object.values(labels).every((value) => typeof value === 'string')) {
    fail('labels', 'an object with string values', labels);
  }
}

/**
 * Sends alerts by mail: subject `Alert: <name>`; alert, severity, description, time and labels as text and as HTML;
 * STARTTLS (port 465: TLS from the start) and login.
 */
export class NotificationManager {
  readonly #options: MailOptions;

  constructor(
    host: string,
    port: number,
    user: string,
    password: string,
    options: NotificationManagerOptions = {},
  ) {
    const { from = user, to = [], tls = 'required', timeoutMs = DEFAULT_TIMEOUT_MS, ca, tlsName } = options;
    const recipients = typeof to === 'string' ? [to] : to;
    this.#options = { host, port, user, password, from, to: recipients, tls, ca, tlsName, timeoutMs };
  }

  /**
   * Sends one mail. Rejects with a `MonitoringError` when a field or setting is not usable, and with a `DeliveryError`
   * that has nodemailer's code and the remedy when the mail could not be delivered.
   */
  async sendNotification(notification: Notification): Promise<void> {
    readEnvelope(this.#options);
    checkNotification(notification);
    await sendMail(this.#options, mailOfNotification(notification));
  }
}
