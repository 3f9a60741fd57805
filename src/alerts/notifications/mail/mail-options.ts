import type { SMTPTransportOptions } from 'nodemailer';
import { MonitoringError } from '../../../errors.ts';
import { type MailAddress, readAddresses } from './addresses.ts';
import { readMailHost } from './mail-host.ts';

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
  /** As people write addresses; see `readAddresses`. */
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

function bad(where: string, expected: string, got: string): MonitoringError {
  return new MonitoringError('MON_MAIL_SETTINGS', { where, expected, got, next: 'no mail is sent' });
}

/** Where a mail goes: what `MailOptions` has as people write it, read and checked. */
export interface Envelope {
  readonly host: string;
  readonly from: MailAddress;
  readonly to: readonly MailAddress[];
}

function addressesOf(where: string, texts: readonly string[]): readonly MailAddress[] {
  return texts.flatMap((text) => {
    const reading = readAddresses(text);
    if (reading.ok) return reading.addresses;
    throw bad(where, 'email addresses', JSON.stringify(reading.got));
  });
}

/** What messages call the parts of an envelope: settings, or arguments of a program. */
export interface EnvelopeNames {
  readonly host: string;
  readonly port: string;
  readonly from: string;
  readonly to: string;
}

const ARGUMENTS: EnvelopeNames = {
  host: 'mail server',
  port: 'port of the mail server',
  from: 'sender of mails',
  to: 'recipients of mails',
};

/** Reads and checks what a mail is sent with; throws a `MonitoringError` with the code MON_MAIL_SETTINGS. */
export function readEnvelope(options: MailOptions, names = ARGUMENTS): Envelope {
  const { port } = options;
  const host = readMailHost(options.host);
  if (!host.ok) throw bad(names.host, host.expected, JSON.stringify(options.host) ?? 'nothing');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw bad(names.port, 'an integer from 1 to 65535', String(port));
  }
  const [from, second] = addressesOf(names.from, [options.from]);
  if (from === undefined || second !== undefined) {
    throw bad(names.from, 'one email address', JSON.stringify(options.from));
  }
  const to = addressesOf(names.to, options.to);
  if (to.length === 0) throw bad(names.to, 'at least one email address', 'none');
  return { host: host.host, from, to };
}

/** The options as nodemailer takes them. */
export function transportOptions(options: MailOptions, host: string): SMTPTransportOptions {
  const { port, user, password, tls, ca, tlsName, timeoutMs } = options;
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
