import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { selfSigned } from './self-signed.ts';

/** A received mail. */
export interface Mail {
  readonly subject: string;
  readonly to: string;
  readonly text: string;
  readonly state: 'firing' | 'resolved';
  /** Where its HTML (its text, if it has none) is kept. */
  readonly path: string;
}

export interface MailServer {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The certificate, which is its own authority. */
  readonly caFile: string;
  close(): Promise<void>;
}

function stateOf(mail: ParsedMail): Mail['state'] {
  const header = mail.headers.get('x-alert-state');
  const opening = mail.text?.split('\n', 3).join(' ') ?? '';
  const text = `${typeof header === 'string' ? header : ''} ${mail.subject ?? ''} ${opening}`;
  return /resolved/i.test(text) ? 'resolved' : 'firing';
}

/** Starts a mail server on loopback that requires STARTTLS and a login, and keeps incoming mails in `folder`. */
export async function startMailServer(folder: string, onMail: (mail: Mail) => void): Promise<MailServer> {
  mkdirSync(folder, { recursive: true });
  const user = 'monitoring@shop.example';
  const password = randomBytes(12).toString('base64url');
  const { key, cert } = selfSigned(Date.now());
  const caFile = join(folder, 'mail-server.pem');
  writeFileSync(caFile, cert);
  let arrived = 0;

  function keep(parsed: ParsedMail): void {
    arrived += 1;
    const subject = parsed.subject ?? '(no subject)';
    const state = stateOf(parsed);
    const words = `${subject.replace(/^Alert: /, '')} ${state}`.match(/\w+/g) ?? [];
    const file = [String(arrived).padStart(2, '0'), ...new Set(words)].join('-');
    const html = typeof parsed.html === 'string';
    const path = join(folder, `${file}.${html ? 'html' : 'txt'}`);
    writeFileSync(path, html ? (parsed.html as string) : (parsed.text ?? ''));
    const to = [parsed.to ?? []].flat().map((list) => list.text);
    onMail({ subject, to: to.join(', '), text: parsed.text ?? '', state, path });
  }

  async function receive(stream: Readable, done: (error?: Error) => void): Promise<void> {
    try {
      keep(await simpleParser(stream));
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  }

  const server = new SMTPServer({
    name: 'localhost',
    banner: 'demo',
    key,
    cert,
    onAuth: (auth, _session, callback) => {
      if (auth.username === user && auth.password === password) callback(null, { user });
      else callback(new Error('wrong login'));
    },
    onData: (stream, _session, callback) => void receive(stream, callback),
  });
  // Clients may disconnect at any time.
  server.on('error', () => undefined);
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return {
    port,
    user,
    password,
    caFile,
    close: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}
