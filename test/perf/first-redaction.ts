// The patterns that redacted texts in version 0.1, kept to compare the cost with.
import { passesLuhn } from '../../src/logging/redaction/numbers/luhn.ts';

const REDACTED = '[REDACTED]';

/** Every pattern below needs one of these. */
const TRIGGER =
  /[Bb]earer|BEARER|[Bb]asic |BASIC |eyJ|PRIVATE KEY|AKIA|gh[pousr]_|sk-|:\/\/|[?&]|(?:[Pp]assw(?:or)?d|PASSWORD|[Pp]wd|[Ss]ecret|SECRET|[Tt]oken|TOKEN|[Kk]ey|KEY|[Aa]uthorization)[="]|\d{4}[ -]\d{4}|\d{6}[-+]?\d{4}/;

// All patterns are linear: quantifiers are bounded or cannot meet their own start again, and the text is bounded.
const CREDENTIALS = /\b(bearer\s+)[\w.~+/=-]{8,}|\b(basic\s+)[A-Za-z0-9+/]{16,}={0,2}/gi;
const JSON_WEB_TOKEN = /(?<![\w-])eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g;
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g;
const VENDOR_KEY = /(?<![\w-])(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{36,255}|sk-[\w-]{20,})(?![\w-])/g;
const URL_USER = /(:\/\/)[^\s/?#@]{1,1000}@/g;
/** In the query of an address; elsewhere `code=` and `key=` are ordinary. */
const QUERY = /([?&][\w.-]{0,40}(?:token|key|password|passwd|pwd|secret|code|sig|signature)=)[^&\s"'#]+/gi;
const PAIR = /(?<![\w.-])([\w.-]{0,40}(?:password|passwd|pwd|secret|token|api_?key)=)(?!\[)[^&;,\s"']+/gi;
/** JSON inside a text. */
const MEMBER =
  /("[\w.-]{0,40}(?:password|passwd|pwd|secret|token|api_?key|authorization)"\s{0,4}:\s{0,4}")[^"]*(?="|$)/gi;
const CARD = /(?<![\d.-])(?:[3456]\d|2[2-7])(?:[ -]?\d){12,17}(?![\d-])/g;
/** Personnummer and samordningsnummer (day + 60), with or without century; the check digit decides. */
const PERSONNUMMER =
  /(?<![\d.])(?:19|20)?(\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01]))[-+]?(\d{4})(?![\d.]\d|\d)/g;

function redactCard(match: string): string {
  return passesLuhn(match.replaceAll(/\D/g, '')) ? REDACTED : match;
}

function redactPersonnummer(match: string, date: string, serial: string): string {
  return passesLuhn(date + serial) ? REDACTED : match;
}

function redactTriggered(text: string): string {
  return text
    .replaceAll(CREDENTIALS, (_, bearer?: string, basic?: string) => (bearer ?? basic ?? '') + REDACTED)
    .replaceAll(JSON_WEB_TOKEN, REDACTED)
    .replaceAll(PRIVATE_KEY, REDACTED)
    .replaceAll(VENDOR_KEY, REDACTED)
    .replaceAll(URL_USER, `$1${REDACTED}@`)
    .replaceAll(QUERY, `$1${REDACTED}`)
    .replaceAll(PAIR, `$1${REDACTED}`)
    .replaceAll(MEMBER, `$1${REDACTED}`)
    .replaceAll(CARD, redactCard)
    .replaceAll(PERSONNUMMER, redactPersonnummer);
}

/**
 * The text with credentials, tokens, keys, passwords in addresses, card numbers and Swedish personal identity
 * numbers replaced by `[REDACTED]`. Takes time linear in the length of the text.
 */
export function redactTextBefore(text: string): string {
  return TRIGGER.test(text) ? redactTriggered(text) : text;
}
