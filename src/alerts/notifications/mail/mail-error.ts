import { DeliveryError, type DeliveryFailure } from '../channel.ts';
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
    'put the certificate of the authority that signed that of the mail server into a file and name it in SMTP_CA_FILE',
  ],
  [
    /altnames|does not match certificate/i,
    'write the host in SMTP_HOST as in the certificate of the mail server',
  ],
  [/certificate has expired|CERT_HAS_EXPIRED/i, 'have the certificate of the mail server renewed'],
  [
    /wrong version number|packet length too long/i,
    'use the port that fits: 465 for TLS from the start, 587 for STARTTLS',
  ],
];

const BY_CODE: Readonly<Record<string, string>> = {
  EAUTH: 'check SMTP_USER and SMTP_PASSWORD; many providers want an app password here',
  ENOAUTH: 'set SMTP_USER and SMTP_PASSWORD: the server wants a login',
  ETLS: 'use a server with STARTTLS or port 465, or allow plain text with SMTP_TLS=optional',
  EDNS: 'check the name in SMTP_HOST',
  ETIMEDOUT: 'check SMTP_HOST and SMTP_PORT, and whether a firewall lets the port through',
  ECONNECTION: 'look into the log of the mail server: it closed the connection',
  ESOCKET: 'check SMTP_HOST and SMTP_PORT, and that the mail server runs',
  EENVELOPE: 'check SMTP_FROM and SMTP_TO: the server refused an address',
  EMESSAGE: 'look into the log of the mail server: it refused the mail',
  EPROTOCOL: 'check SMTP_PORT: what answers there does not speak SMTP as expected',
  EABORT: 'look why the mail server takes so long',
};

const MESSAGE_CODES = new Set(['EENVELOPE', 'EMESSAGE']);

function helpFor(text: string, code: string): string {
  const found = BY_TEXT.find(([pattern]) => pattern.test(text));
  return found?.[1] ?? BY_CODE[code] ?? 'look into the log of the mail server';
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
  const at = text.includes(host) ? '' : ` (${host}:${port})`;
  return new DeliveryError(`${failure.code}: ${text}${at}`, failure, { cause });
}
