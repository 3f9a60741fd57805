import addressparser from 'nodemailer/lib/addressparser';

/** One mailbox, as nodemailer takes it. */
export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

/** The mailboxes of a setting, or the first part of it that is none. */
export type AddressReading =
  | { readonly ok: true; readonly addresses: readonly MailAddress[] }
  | { readonly ok: false; readonly got: string };

const LOCAL = String.raw`(?:"[^"\\]+"|[^\s"<>(),:;@\\[\]]+)`;
const LABEL = String.raw`[^\s"<>(),:;@\\[\].]+`;
const ADDRESS = new RegExp(String.raw`^${LOCAL}@(?:${LABEL}(?:\.${LABEL})*|\[[0-9A-Fa-f:.IPv]+\])$`, 'u');
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Cuts a text at separators that are neither in quotes nor in angle brackets; undefined when one is not closed. */
export function splitOutside(text: string, separator: RegExp): readonly string[] | undefined {
  const parts: string[] = [];
  let part = '';
  let closing = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (closing === '"' && char === '\\') {
      part += char + (text[++i] ?? '');
      continue;
    }
    if (closing === '' && separator.test(char)) {
      parts.push(part);
      part = '';
      continue;
    }
    if (closing !== '') closing = char === closing ? '' : closing;
    else if (char === '"') closing = '"';
    else if (char === '<') closing = '>';
    part += char;
  }
  parts.push(part);
  return closing === '' ? parts : undefined;
}

/** `Name <address>`, the name in quotes or not. */
function named(entry: string): MailAddress | undefined {
  if (CONTROL.test(entry) || !entry.endsWith('>')) return undefined;
  const [found, second] = addressparser(entry, { flatten: true });
  if (found === undefined || second !== undefined || !ADDRESS.test(found.address)) return undefined;
  // What the parser puts together of more than one pair of brackets, or leaves out, was not meant so.
  return entry.endsWith(`<${found.address}>`) ? { name: found.name, address: found.address } : undefined;
}

/**
 * Reads a list of mail addresses as people write it: separated by commas, semicolons, blanks or line breaks, each with
 * a name before angle brackets or without one. Nothing is left out silently: an entry that is no address fails.
 */
export function readAddresses(text: string): AddressReading {
  const entries = splitOutside(text, /[,;]/);
  if (entries === undefined) return { ok: false, got: text };
  const addresses: MailAddress[] = [];
  for (const entry of entries.map((part) => part.trim()).filter((part) => part !== '')) {
    if (entry.includes('<') || entry.includes('>')) {
      const found = named(entry);
      if (found === undefined) return { ok: false, got: entry };
      addresses.push(found);
      continue;
    }
    for (const address of splitOutside(entry, /\s/)!.filter((part) => part !== '')) {
      if (!ADDRESS.test(address)) return { ok: false, got: entry };
      addresses.push({ name: '', address });
    }
  }
  const seen = new Set<string>();
  const isNew = ({ address }: MailAddress): boolean => !seen.has(address) && seen.add(address) !== undefined;
  return { ok: true, addresses: addresses.filter(isNew) };
}

/** Recipients of each severity: `critical=Boss <boss@example.org>;a@example.org,info=log@example.org`. */
export type SeverityReading =
  | { readonly ok: true; readonly bySeverity: ReadonlyMap<string, readonly MailAddress[]> }
  | { readonly ok: false; readonly got: string };

const SEVERITY = /^\s*([\w.-]+)\s*=/;

/** Reads SMTP_TO_BY_SEVERITY. An entry without a severity belongs to the one before it. */
export function readAddressesBySeverity(text: string): SeverityReading {
  const parts = splitOutside(text, /,/);
  if (parts === undefined) return { ok: false, got: text };
  const texts = new Map<string, string>();
  let current: string | undefined;
  for (const part of parts.filter((one) => one.trim() !== '')) {
    const severity = SEVERITY.exec(part);
    current = severity?.[1] ?? current;
    if (current === undefined) return { ok: false, got: part.trim() };
    const rest = severity === null ? part : part.slice(severity[0].length);
    texts.set(current, `${texts.get(current) ?? ''};${rest}`);
  }
  const bySeverity = new Map<string, readonly MailAddress[]>();
  for (const [severity, list] of texts) {
    const reading = readAddresses(list);
    if (!reading.ok) return { ok: false, got: `${severity}=${reading.got}` };
    if (reading.addresses.length === 0) return { ok: false, got: `${severity}=` };
    bySeverity.set(severity, reading.addresses);
  }
  return { ok: true, bySeverity };
}
