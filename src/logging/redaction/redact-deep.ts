// Hot path: objects and lists among the extras, which are bounded in depth and entries.
import type { AnyValue } from '@opentelemetry/api';
import { REDACTED } from './found.ts';
import { NameClass, nameClass } from './names/names.ts';
import { isSecretNumber } from './numbers/numbers.ts';
import { isCount, isFieldName, isOrdinary } from './names/ordinary.ts';
import type { RedactText } from './redaction.ts';

type Members = Readonly<Record<string, AnyValue>>;

/** Whether a value under a name of the class is a secret as a whole. */
export function isSecretValue(value: AnyValue, is: NameClass): boolean {
  switch (typeof value) {
    case 'string':
      if (is < NameClass.hint || value.length === 0 || isOrdinary(value)) return false;
      return is !== NameClass.token || !isCount(value);
    case 'number':
      return is >= NameClass.secret || (is === NameClass.token && !isCount(String(value)));
    default:
      return false;
  }
}

/** Members whose value names what the member `value` is. */
const NAMING = [
  'name',
  'key',
  'header',
  'field',
  'param',
  'parameter',
  'k',
  'Name',
  'Key',
  'type',
  'id',
  'label',
];

/** Members that have the value then. */
export function isValueName(key: string): boolean {
  switch (key) {
    case 'value':
    case 'Value':
    case 'val':
    case 'v':
    case 'content':
      return true;
    default:
      return false;
  }
}

/** The class of the name in `{ name: 'password', value: '…' }`. */
export function pairClass(members: Members): NameClass {
  let is: NameClass = NameClass.none;
  for (const naming of NAMING) {
    const name = members[naming];
    if (typeof name === 'string' && name.length <= 128) is = Math.max(is, nameClass(name)) as NameClass;
  }
  return is >= NameClass.token ? is : NameClass.none;
}

/** Names in lists that are followed by their value: headers, and options of a command line. */
function listedClass(entry: AnyValue, least: NameClass): NameClass {
  if (typeof entry !== 'string' || entry.length < 2 || entry.length > 64) return NameClass.none;
  const is = nameClass(entry.startsWith('--') ? entry.slice(2) : entry);
  return is >= least ? is : NameClass.none;
}

const isListedValue = (value: string): boolean => !value.startsWith('--') && !isFieldName(value);

const MAX_KEPT = 2000;
const MAX_KEPT_CHARS = 128;

/** What is known of the name of a member. */
interface Member {
  /** As it is written: a name can hold a secret as well. */
  readonly shown: string;
  readonly is: NameClass;
  /** It may be the value that another member names. */
  readonly isValue: boolean;
}

/**
 * A copy of objects and lists without their secrets: by the names of their members, in pairs, in lists such as
 * `rawHeaders`, and in every text and number. `key` is the name of the value, `is` its class.
 */
export function createDeepRedaction(
  redact: RedactText,
): (value: AnyValue, key: string, is: NameClass) => AnyValue {
  const kept = new Map<string, Member>();

  function one(value: AnyValue, key: string, is: NameClass): AnyValue {
    if (typeof value === 'string') return isSecretValue(value, is) ? REDACTED : redact(value);
    if (typeof value === 'number') {
      const isSecret = isSecretValue(value, is) || (value >= 1e9 && isSecretNumber(String(value), key));
      return isSecret ? REDACTED : value;
    }
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    // What is in there under other names is a secret as well; under `auth` or `session` only values with a secret name of their own.
    if (is >= NameClass.secret) return isEmpty(value) ? value : REDACTED;
    const inherited = is === NameClass.token ? NameClass.token : NameClass.none;
    return Array.isArray(value) ? list(value, key, inherited) : members(value as Members, inherited);
  }

  function memberFor(key: string): Member {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const member = { shown: redact(key), is: nameClass(key), isValue: isValueName(key) };
    if (kept.size < MAX_KEPT && key.length <= MAX_KEPT_CHARS) kept.set(key, member);
    return member;
  }

  function members(value: Members, inherited: NameClass): AnyValue {
    const copy: Record<string, AnyValue> = {};
    for (const key of Object.keys(value)) {
      const { shown, is, isValue } = memberFor(key);
      const own = isValue ? Math.max(is, inherited, pairClass(value)) : Math.max(is, inherited);
      const member = one(value[key], key, own as NameClass);
      if (shown === '__proto__') Object.defineProperty(copy, shown, { value: member, enumerable: true });
      else copy[shown] = member;
    }
    return copy;
  }

  function list(values: readonly AnyValue[], key: string, inherited: NameClass): AnyValue[] {
    const copy: AnyValue[] = [];
    // A list of two within a list is a pair; in any other the next entry may be the next name.
    const isPair = values.length === 2 && key === '';
    let named: NameClass = NameClass.none;
    for (const value of values) {
      if (named !== NameClass.none && typeof value === 'string' && (isPair || isListedValue(value))) {
        copy.push(isSecretValue(value, named) ? REDACTED : redact(value));
        named = NameClass.none;
        continue;
      }
      copy.push(Array.isArray(value) ? list(value, '', inherited) : one(value, key, inherited));
      named = listedClass(value, isPair ? NameClass.hint : NameClass.token);
    }
    return copy;
  }

  return one;
}

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;
