import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import {
  SMTPServer,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server';
import { type Certificate, selfSigned } from './certificate.ts';
import { until } from '../until.ts';

export const USER = 'alerts@example.org';
export const PASSWORD = 'secret of the test';

export interface MailServer {
  readonly port: number;
  readonly certificate: Certificate;
  /** Mails in the order in which they arrived. */
  readonly mails: readonly ParsedMail[];
  /** How each session went: `secure` once STARTTLS was done, and who logged in. */
  readonly sessions: readonly { readonly secure: boolean; readonly user: string }[];
  /** Resolves with all mails once so many have arrived. */
  received(count: number): Promise<readonly ParsedMail[]>;
  close(): Promise<void>;
}

/** A real SMTP server on a free port of the loopback, with STARTTLS and login; `options` change how it behaves. */
export async function startMailServer(
  options: Partial<SMTPServerOptions> & { readonly port?: number } = {},
  certificate = selfSigned('localhost'),
): Promise<MailServer> {
  const mails: ParsedMail[] = [];
  const sessions: { secure: boolean; user: string }[] = [];
  const { port = 0, ...behaviour } = options;
  async function take(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    done: (error?: Error | null) => void,
  ): Promise<void> {
    try {
      mails.push(await simpleParser(stream));
      sessions.push({ secure: session.secure, user: String(session.user ?? '') });
      done();
    } catch (error) {
      done(error as Error);
    }
  }
  const server = new SMTPServer({
    ...certificate,
    authMethods: ['PLAIN', 'LOGIN'],
    closeTimeout: 100,
    onAuth(auth, _session, done) {
      if (auth.username === USER && auth.password === PASSWORD) done(null, { user: auth.username });
      else done(new Error('Invalid username or password'));
    },
    onData(stream, session, done) {
      void take(stream, session, done);
    },
    ...behaviour,
  });
  // Clients that break off are what some tests are about.
  server.on('error', () => {});
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    certificate,
    mails,
    sessions,
    async received(count) {
      await until(() => mails.length >= count, { what: () => `${count} mails, there are ${mails.length}` });
      return mails;
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
}
