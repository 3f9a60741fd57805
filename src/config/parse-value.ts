import type { SettingType } from './setting.ts';

/** What the text of a variable became: its value, or what was expected instead. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly expected: string };

export type SettingValue = string | boolean | number | readonly string[] | Readonly<Record<string, string>>;

const DURATION_UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const BYTE_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kib: 1024,
  mib: 1_048_576,
  gib: 1_073_741_824,
  kb: 1000,
  mb: 1_000_000,
  gb: 1_000_000_000,
};

const good = <T>(value: T): Parsed<T> => ({ ok: true, value });
const bad = (expected: string): Parsed<never> => ({ ok: false, expected });

/** Reads `1,2 , 3` as ["1","2","3"]; empty entries are left out. */
function splitList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** Values of a closed list are read in any case (OpenTelemetry specification, enum values). */
function choiceOf(text: string, choices: readonly string[]): string | undefined {
  return choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
}

/** `key=value,key=value` with percent-encoded values (OpenTelemetry specification, W3C Baggage octets). */
function parsePairs(text: string): Parsed<Record<string, string>> {
  const pairs: [key: string, value: string][] = [];
  for (const entry of splitList(text)) {
    const at = entry.indexOf('=');
    if (at < 1) return bad('key=value pairs, comma-separated');
    try {
      pairs.push([entry.slice(0, at).trim(), decodeURIComponent(entry.slice(at + 1).trim())]);
    } catch {
      return bad('key=value pairs with percent-encoded values');
    }
  }
  return good(Object.fromEntries(pairs));
}

function parseDuration(text: string, type: Extract<SettingType, { kind: 'duration' }>): Parsed<number> {
  const expected = `a duration from ${formatMs(type.minMs)} to ${formatMs(type.maxMs)} such as 15s or 500ms`;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text);
  if (!match) return bad(expected);
  const unitMs = DURATION_UNIT_MS[match[2] ?? type.bare] ?? 1;
  const valueMs = Number(match[1]) * unitMs;
  return valueMs >= type.minMs && valueMs <= type.maxMs ? good(valueMs) : bad(expected);
}

/** 90000 → "90s", for messages. */
export function formatMs(valueMs: number): string {
  for (const [unit, unitMs] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const) {
    if (valueMs >= unitMs && valueMs % unitMs === 0) return `${valueMs / unitMs}${unit}`;
  }
  return `${valueMs}ms`;
}

/** Reads the text of one variable by its type. Pure; never throws. */
export function parseValue(text: string, type: SettingType): Parsed<SettingValue> {
  switch (type.kind) {
    case 'string':
      return good(text);
    case 'boolean':
      if (/^(true|1|yes|on)$/i.test(text)) return good(true);
      if (/^(false|0|no|off)$/i.test(text)) return good(false);
      return bad('true or false');
    case 'integer': {
      const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
      return value >= type.min && value <= type.max
        ? good(value)
        : bad(`an integer from ${type.min} to ${type.max}`);
    }
    case 'duration':
      return parseDuration(text, type);
    case 'bytes': {
      const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text);
      const unit = BYTE_UNIT[(match?.[2] ?? '').toLowerCase()];
      const value = match && unit ? Math.floor(Number(match[1]) * unit) : Number.NaN;
      return value >= type.min ? good(value) : bad(`a size of at least ${type.min} bytes such as 512MiB`);
    }
    case 'choice': {
      const found = choiceOf(text, type.choices) ?? type.aliases?.[text.toLowerCase()];
      return found === undefined ? bad(`one of ${type.choices.join(', ')}`) : good(found);
    }
    case 'choices': {
      const found = splitList(text).map((entry) => choiceOf(entry, type.choices));
      const known = found.filter((entry) => entry !== undefined);
      return known.length === found.length
        ? good(known)
        : bad(`any of ${type.choices.join(', ')}, comma-separated`);
    }
    case 'list':
      return good(splitList(text));
    case 'url': {
      const protocol = URL.canParse(text) ? new URL(text).protocol : '';
      return protocol === 'http:' || protocol === 'https:'
        ? good(text)
        : bad('a URL such as http://localhost:4318');
    }
    case 'pairs':
      return parsePairs(text);
  }
}
