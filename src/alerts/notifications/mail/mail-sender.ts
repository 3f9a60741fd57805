import { domainToASCII } from 'node:url';
import type { MailAddress } from './addresses.ts';
import { type MailOptions, readEnvelope, transportOptions } from './mail-options.ts';
import { deliveryError } from './mail-error.ts';
import { renderHtml } from './mail-html.ts';
import { cleanLine, type MailModel } from './mail-model.ts';
import { renderText } from './mail-text.ts';

/** Names that let mail programs put mails of one alert together and drop a second copy. */
export interface MailThread {
  readonly messageId: string;
  readonly thread: string;
}

export interface MailReceipt {
  /** Recipients that the server refused while it took others. */
  readonly refused: readonly string[];
}

/** The whole delivery, whatever the server does in between. */
const DEADLINE_FACTOR = 4;

/** A name for Message-ID: the domain of the sender (RFC 5322, 3.6.4). */
function domainOf({ address }: MailAddress): string {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return domain.startsWith('[') ? domain : domainToASCII(domain) || 'localhost';
}

/**
 * Sends one mail over a connection of its own. Rejects with a `DeliveryError` that keeps nodemailer's code. Nodemailer
 * is loaded with the first mail, since most processes never send one.
 */
export async function sendMail(
  options: MailOptions,
  mail: MailModel,
  ids?: MailThread,
): Promise<MailReceipt> {
  const { host, from, to } = readEnvelope(options);
  const { createTransport } = await import('nodemailer');
  const transport = createTransport(transportOptions(options, host));
  const domain = domainOf(from);
  // A root that no mail has, as Alertmanager does: threads hold together whichever mail came first.
  const root = ids && `<alert-${ids.thread}@${domain}>`;
  try {
    const sent = await transport.sendMail({
      from: { name: from.name, address: from.address },
      to: to.map(({ name, address }) => ({ name, address })),
      subject: cleanLine(mail.subject),
      text: renderText(mail),
      html: renderHtml(mail),
      ...(ids && { messageId: `<${ids.messageId}@${domain}>`, inReplyTo: root, references: root }),
      headers: {
        'X-Alert-State': mail.state,
        // RFC 3834, 5: no holiday notes in answer to this mail.
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
      },
      signal: AbortSignal.timeout(options.timeoutMs * DEADLINE_FACTOR),
    });
    return { refused: sent.rejected.map((address) => cleanLine(String(address))) };
  } catch (error) {
    throw deliveryError(error, host, options.port);
  } finally {
    transport.close();
  }
}
