import { MonitoringError, problem } from '../../../errors.ts';
import type { Channel, ChannelContext, ChannelSetup } from '../channel.ts';
import { mailOfMessage } from './mail-model.ts';
import { checkMailOptions, DEFAULT_TIMEOUT_MS, type MailOptions } from './mail-options.ts';
import { sendMail } from './mail-sender.ts';

export interface MailChannelOptions {
  readonly mail: MailOptions;
  readonly service: string;
  /** Most alerts that one mail lists; the others are counted. */
  readonly maxAlerts: number;
  readonly now?: () => number;
}

/** Mail as a channel of the notifier. */
export function createMailChannel({ mail, service, maxAlerts, now = Date.now }: MailChannelOptions): Channel {
  return {
    name: 'mail',
    title: `mail to ${mail.to.join(', ')}`,
    async send(message) {
      const model = mailOfMessage(message, { service, maxAlerts, nowMs: now() });
      const { refused } = await sendMail(mail, model, { messageId: message.id, thread: message.thread });
      return { notes: refused.map((address) => `the mail server refused the recipient ${address}`) };
    },
    close() {},
  };
}

/** The mail channel of the settings: none without a server or a recipient, which is said. */
export function setUpMail({ settings, service, readFile }: ChannelContext): ChannelSetup {
  const { smtpHost, smtpTo = [], smtpCaFile } = settings;
  if (smtpHost === undefined) return { channel: undefined, problems: [] };
  const next = 'alerts are shown and logged, not mailed';
  const failed = (where: string, expected: string, got: string): ChannelSetup => ({
    channel: undefined,
    problems: [problem('MON_MAIL_SETTINGS', { where, expected, got, next })],
  });
  if (smtpTo.length === 0) return failed('SMTP_TO', 'at least one recipient', 'none');
  const from = settings.smtpFrom ?? settings.smtpUser;
  if (from === undefined) return failed('SMTP_FROM', 'the address of the sender', 'none, and no SMTP_USER');
  try {
    const mail: MailOptions = {
      host: smtpHost,
      port: settings.smtpPort,
      user: settings.smtpUser,
      password: settings.smtpPassword,
      from,
      to: smtpTo,
      tls: settings.smtpTls,
      ca: smtpCaFile === undefined ? undefined : readFile(smtpCaFile),
      timeoutMs: DEFAULT_TIMEOUT_MS,
    };
    checkMailOptions(mail);
    const channel = createMailChannel({ mail, service, maxAlerts: settings.notifyMaxAlerts });
    return { channel, problems: [] };
  } catch (error) {
    if (error instanceof MonitoringError) {
      return { channel: undefined, problems: [problem(error.code, { ...error.params, next })] };
    }
    return failed('SMTP_CA_FILE', 'a file that can be read', (error as Error).message);
  }
}
