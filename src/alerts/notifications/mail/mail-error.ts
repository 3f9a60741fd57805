import { DeliveryError, type DeliveryFailure } from '../channel.ts';
import { shownServer } from './mail-host.ts';
import { cleanLine } from './mail-model.ts';

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/** Texts of OpenSSL and Node.js, before the codes that nodemailer puts over them. */
const BY_TEXT: readonly (readonly [RegExp, string])[] = [
  [
    /self[- ]signed|unable to (?:verify|get)|UNABLE_TO_/i,
    'set SMTP_CA_FILE to a PEM file with the CA certificate of the mail server',
  ],
  [
    /altnames|does not match certificate/i,
    'set SMTP_HOST to the host name in the certificate of the mail server',
  ],
  [/certificate has expired|CERT_HAS_EXPIRED/i, 'renew the certificate of the mail server'],
  [
    /unsupported[ _]protocol|alert protocol version|TLS_?V?1_ALERT_PROTOCOL_VERSION|no protocols available/i,
    'update the mail server, which offers nothing newer than TLS 1.1, or use another one',
  ],
  [/wrong version number|packet length too long/i, 'check SMTP_PORT: 465 is implicit TLS, 587 is STARTTLS'],
];

const BY_CODE: Readonly<Record<string, string>> = {
  EAUTH: 'check SMTP_USER and SMTP_PASSWORD; many providers require an app password',
  ENOAUTH: 'set SMTP_USER and SMTP_PASSWORD: the server requires a login',
  ETLS: 'use a server that offers STARTTLS or port 465, or allow plain text with SMTP_TLS=optional',
  EDNS: 'check the host name in SMTP_HOST',
  ETIMEDOUT: 'check SMTP_HOST and SMTP_PORT, and that no firewall blocks the port',
  ECONNECTION: 'check the mail server log: it closed the connection',
  ESOCKET: 'check SMTP_HOST and SMTP_PORT, and that the mail server is running',
  EENVELOPE: 'check SMTP_FROM and SMTP_TO: the server rejected an address',
  EMESSAGE: 'check the mail server log: it rejected the mail',
  EPROTOCOL: 'check SMTP_PORT: the server there does not speak SMTP as expected',
  EABORT: 'check why the mail server is slow',
};

const MESSAGE_CODES = new Set(['EENVELOPE', 'EMESSAGE']);

function helpFor(text: string, code: string): string {
  const found = BY_TEXT.find(([pattern]) => pattern.test(text));
  return found?.[1] ?? BY_CODE[code] ?? 'check the mail server log';
}

/** What a failed attempt means: whom it concerns, whether it can pass, what helps. */
export function mailFailure(error: SmtpError): DeliveryFailure {
  const code = error.code ?? 'ESOCKET';
  const answered = error.responseCode !== undefined;
  const text = `${error.message} ${(error.cause as Error | undefined)?.message ?? ''}`;
  return {
    code,
    scope: MESSAGE_CODES.has(code) && answered ? 'message' : 'receiver',
    // RFC 5321, 4.2.1: 4yz is a temporary refusal, 5yz a permanent one.
    permanent: (error.responseCode ?? 0) >= 500,
    help: helpFor(text, code),
  };
}

/** Nodemailer's error with its code in front, as one safe line: part of it is what a server answered. */
export function deliveryError(error: unknown, host: string, port: number): DeliveryError {
  const cause = error instanceof Error ? (error as SmtpError) : new Error(String(error));
  const failure = mailFailure(cause);
  const text = cleanLine(cause.message, 400);
  const at = text.includes(host) ? '' : ` (${shownServer(host, port)})`;
  return new DeliveryError(`${failure.code}: ${text}${at}`, failure, { cause });
}
