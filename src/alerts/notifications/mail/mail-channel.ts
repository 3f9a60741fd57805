import { MonitoringError, problem } from '../../../errors.ts';
import type { Settings } from '../../../config/read-settings.ts';
import type { AlertUpdate } from '../alert-update.ts';
import { type Channel, type ChannelContext, type ChannelSetup, isForPeople } from '../channel.ts';
import { mailOfMessage } from './mail-model.ts';
import { checkMailOptions, DEFAULT_TIMEOUT_MS, type MailOptions } from './mail-options.ts';
import { sendMail } from './mail-sender.ts';

export interface MailChannelOptions {
  readonly mail: MailOptions;
  readonly service: string;
  /** Most alerts that one mail lists; the others are counted. */
  readonly maxAlerts: number;
  readonly now?: () => number;
  /** Names the state of this channel; default `mail`. */
  readonly name?: string;
  readonly accepts?: (alert: AlertUpdate) => boolean;
}

/** Mail as a channel of the notifier. */
export function createMailChannel(options: MailChannelOptions): Channel {
  const { mail, service, maxAlerts, now = Date.now, name = 'mail', accepts = isForPeople } = options;
  return {
    name,
    title: `mail to ${mail.to.join(', ')}`,
    accepts,
    async send(message) {
      const model = mailOfMessage(message, { service, maxAlerts, nowMs: now() });
      const { refused } = await sendMail(mail, model, { messageId: message.id, thread: message.thread });
      return { notes: refused.map((address) => `the mail server rejected the recipient ${address}`) };
    },
    close() {},
  };
}

/** Whom a severity is mailed to. */
interface Route {
  readonly name: string;
  readonly to: readonly string[];
  readonly accepts: (severity: string) => boolean;
}

/** The common recipients, and those of severities that have their own. */
function routesOf({ smtpTo = [], smtpToBySeverity = {} }: Settings): readonly Route[] {
  const severities = Object.keys(smtpToBySeverity);
  const routes: Route[] = Object.entries(smtpToBySeverity).map(([severity, addresses]) => ({
    name: `mail ${severity}`,
    to: addresses.split(/[;\s]+/).filter((address) => address !== ''),
    accepts: (given) => given === severity,
  }));
  if (smtpTo.length > 0) {
    routes.push({ name: 'mail', to: smtpTo, accepts: (given) => !severities.includes(given) });
  }
  return routes;
}

const NEXT = 'alerts are shown and logged, not mailed';

function failed(where: string, expected: string, got: string): ChannelSetup {
  return { channels: [], problems: [problem('MON_MAIL_SETTINGS', { where, expected, got, next: NEXT })] };
}

/** The mail channels of the settings: none without a server or a recipient; the latter is reported. */
export function setUpMail({ settings, service, readFile }: ChannelContext): ChannelSetup {
  const { smtpHost, smtpCaFile } = settings;
  if (smtpHost === undefined) return { channels: [], problems: [] };
  const routes = routesOf(settings);
  if (routes.length === 0) return failed('SMTP_TO', 'at least one recipient', 'none');
  const from = settings.smtpFrom ?? settings.smtpUser;
  if (from === undefined)
    return failed('SMTP_FROM', 'a sender address', 'none, and SMTP_USER is not set either');
  try {
    const ca = smtpCaFile === undefined ? undefined : readFile(smtpCaFile);
    const channels = routes.map((route) => {
      const mail: MailOptions = {
        host: smtpHost,
        port: settings.smtpPort,
        user: settings.smtpUser,
        password: settings.smtpPassword,
        from,
        to: route.to,
        tls: settings.smtpTls,
        ca,
        timeoutMs: DEFAULT_TIMEOUT_MS,
      };
      checkMailOptions(mail);
      const accepts = (alert: AlertUpdate): boolean =>
        isForPeople(alert) && route.accepts(alert.labels['severity'] ?? '');
      return createMailChannel({
        mail,
        service,
        maxAlerts: settings.notifyMaxAlerts,
        name: route.name,
        accepts,
      });
    });
    return { channels, problems: [] };
  } catch (error) {
    if (error instanceof MonitoringError) {
      return { channels: [], problems: [problem(error.code, { ...error.params, next: NEXT })] };
    }
    return failed('SMTP_CA_FILE', 'a readable file', (error as Error).message);
  }
}
