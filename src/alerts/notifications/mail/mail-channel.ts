import { MonitoringError, type Problem, problem } from '../../../errors.ts';
import type { Settings } from '../../../config/read-settings.ts';
import type { AlertUpdate } from '../alert-update.ts';
import { type Channel, type ChannelContext, type ChannelSetup, isForPeople } from '../channel.ts';
import { mailOfMessage } from './mail-model.ts';
import { type MailAddress, readAddresses, readAddressesBySeverity } from './addresses.ts';
import { DEFAULT_TIMEOUT_MS, type MailOptions, readEnvelope } from './mail-options.ts';
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
    title: `mail to ${readEnvelope(mail)
      .to.map(({ address }) => address)
      .join(', ')}`,
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
  readonly setting: string;
  readonly to: readonly MailAddress[];
  readonly accepts: (severity: string) => boolean;
}

const NEXT = 'alerts are shown and logged, not mailed';

function wrong(where: string, expected: string, got: string): Problem {
  return problem('MON_MAIL_SETTINGS', { where, expected, got, next: NEXT });
}

function failed(...problems: readonly Problem[]): ChannelSetup {
  return { channels: [], problems };
}

/** The common recipients, and those of severities that have their own; or what is wrong with them. */
function routesOf({ smtpTo = '', smtpToBySeverity = '' }: Settings): readonly Route[] | Problem {
  const common = readAddresses(smtpTo);
  if (!common.ok) return wrong('SMTP_TO', 'email addresses', JSON.stringify(common.got));
  const own = readAddressesBySeverity(smtpToBySeverity);
  if (!own.ok) {
    const expected = 'entries such as critical=oncall@example.org';
    return wrong('SMTP_TO_BY_SEVERITY', expected, JSON.stringify(own.got));
  }
  const { bySeverity } = own;
  const routes = [...bySeverity].map(([severity, to]): Route => ({
    name: `mail ${severity}`,
    setting: 'SMTP_TO_BY_SEVERITY',
    to,
    accepts: (given) => given === severity,
  }));
  const { addresses: to } = common;
  const others = (given: string): boolean => !bySeverity.has(given);
  if (to.length > 0) routes.push({ name: 'mail', setting: 'SMTP_TO', to, accepts: others });
  return routes.length > 0 ? routes : wrong('SMTP_TO', 'at least one recipient', 'none');
}

/** Severities that have recipients of their own. */
export function mailedSeverities({ smtpToBySeverity = '' }: Settings): readonly string[] {
  const reading = readAddressesBySeverity(smtpToBySeverity);
  return reading.ok ? [...reading.bySeverity.keys()] : [];
}

const textOf = ({ name, address }: MailAddress): string =>
  name === '' ? address : `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}" <${address}>`;

/** The mail channels of the settings: none without a server or a recipient; the latter is reported. */
export function setUpMail({ settings, service, readFile }: ChannelContext): ChannelSetup {
  const { smtpHost, smtpCaFile } = settings;
  const isWanted = settings.smtpTo !== undefined || settings.smtpToBySeverity !== undefined;
  if (smtpHost === undefined) {
    return isWanted
      ? failed(wrong('SMTP_HOST', 'a mail server, since recipients are set', 'none'))
      : failed();
  }
  const routes = routesOf(settings);
  if ('code' in routes) return failed(routes);
  const from = settings.smtpFrom ?? settings.smtpUser;
  if (from === undefined)
    return failed(wrong('SMTP_FROM', 'a sender address', 'none, and SMTP_USER is not set either'));
  try {
    const ca = smtpCaFile === undefined ? undefined : readFile(smtpCaFile);
    const channels = routes.map((route) => {
      const mail: MailOptions = {
        host: smtpHost,
        port: settings.smtpPort,
        user: settings.smtpUser,
        password: settings.smtpPassword,
        from,
        to: route.to.map(textOf),
        tls: settings.smtpTls,
        ca,
        timeoutMs: DEFAULT_TIMEOUT_MS,
      };
      const fromSetting = settings.smtpFrom === undefined ? 'SMTP_USER' : 'SMTP_FROM';
      readEnvelope(mail, { host: 'SMTP_HOST', port: 'SMTP_PORT', from: fromSetting, to: route.setting });
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
    return failed(wrong('SMTP_CA_FILE', 'a readable file', (error as Error).message));
  }
}
