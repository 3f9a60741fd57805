import type { SMTPTransportOptions } from 'nodemailer';
import { MonitoringError } from '../../../errors.ts';

/** `required`: no mail without TLS. `optional`: STARTTLS where the server offers it. `off`: plain text. */
export type TlsMode = 'required' | 'optional' | 'off';

/** What a mail server and a mail need. */
export interface MailOptions {
  readonly host: string;
  /** 465 speaks TLS from the start, any other port STARTTLS. */
  readonly port: number;
  /** Not set: no login. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
  readonly tls: TlsMode;
  /** PEM text of the authority that signed the server's certificate; not set: those that Node.js trusts. */
  readonly ca?: string | undefined;
  /** Name that the certificate has to be for; not set: the host. */
  readonly tlsName?: string | undefined;
  /** How long each step towards the server may take. */
  readonly timeoutMs: number;
}

export const DEFAULT_TIMEOUT_MS = 15_000;

/** One address, with or without a name before it; nothing that could begin another header or command. */
// oxlint-disable-next-line no-control-regex
const ADDRESS = /^[^\u0000-\u001f\u007f<>]*<?[^\s<>@\u0000-\u001f\u007f]+@[^\s<>@\u0000-\u001f\u007f]+>?$/;

function bad(where: string, expected: string, got: string): MonitoringError {
  return new MonitoringError('MON_MAIL_SETTINGS', { where, expected, got, next: 'no mail is sent' });
}

/** Checks what a mail is sent with; throws a `MonitoringError` with the code MON_MAIL_SETTINGS. */
export function checkMailOptions(options: MailOptions): void {
  const { host, port, from, to } = options;
  if (typeof host !== 'string' || !/^[^\s/]+$/.test(host)) {
    throw bad('mail server', 'a host name', JSON.stringify(host) ?? 'nothing');
  }
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw bad('port of the mail server', 'an integer from 1 to 65535', String(port));
  }
  if (!ADDRESS.test(from)) throw bad('sender of mails', 'an email address', JSON.stringify(from));
  if (to.length === 0) throw bad('recipients of mails', 'at least one email address', 'none');
  const wrong = to.find((address) => !ADDRESS.test(address));
  if (wrong !== undefined) throw bad('recipients of mails', 'an email address', JSON.stringify(wrong));
}

/** The address inside `Name <address>`. */
export function bareAddress(address: string): string {
  return /<([^<>]+)>/.exec(address)?.[1] ?? address.trim();
}

/** The options as nodemailer takes them. */
export function transportOptions(options: MailOptions): SMTPTransportOptions {
  const { host, port, user, password, tls, ca, tlsName, timeoutMs } = options;
  const secure = port === 465 && tls !== 'off';
  return {
    host,
    port,
    secure,
    requireTLS: tls === 'required' && !secure,
    ignoreTLS: tls === 'off',
    ...(user !== undefined && user !== '' && { auth: { user, pass: password ?? '' } }),
    tls: {
      minVersion: 'TLSv1.2',
      ...(ca !== undefined && { ca }),
      ...(tlsName !== undefined && { servername: tlsName }),
    },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
