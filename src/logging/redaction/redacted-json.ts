// Hot path: what a key becomes is decided once and kept; strings without secrets cost one test each.
import type { AnyValue, Attributes } from '@opentelemetry/api';
import { boundedName } from '../../own-log/bounded-name.ts';
import { attributeName } from '../record/attribute-name.ts';
import { limits } from '../record/limits.ts';
import { REDACTED } from './found.ts';
import { NameClass, nameClass } from './names/names.ts';
import { isSecretNumber } from './numbers/numbers.ts';
import { createDeepRedaction, isSecretValue, isValueName, pairClass } from './redact-deep.ts';
import type { RedactText } from './redaction.ts';

const MAX_KEYS_KEPT = 2000;
const MAX_KEPT_CHARS = 256;
const REDACTED_JSON = JSON.stringify(REDACTED);

interface KeyPlan {
  /** `"key":`, as it is written. */
  readonly prefix: string;
  /** The name holds a secret: others may read alike without theirs. */
  readonly isRenamed: boolean;
  /** What the name makes of its value. */
  readonly is: NameClass;
  /** It may be the value that another extra names. */
  readonly isValue: boolean;
  /** Written elsewhere in the record. */
  readonly leaveOut: boolean;
}

/** Attributes that are written elsewhere in the record; the processor reads them itself. */
const TAKEN_OUT = new Set(['code.function.name', 'code.file.path', 'code.line.number']);

/** Writes values as JSON, secrets redacted by name and by value. */
export interface RedactedJson {
  /**
   * Attributes as the inside of a JSON object, `"user":"u1","ms":12`: reserved names as `ctx.<name>`, bounded in
   * size. The location of the call is left out.
   */
  attributes(attributes: Attributes): string;
  value(value: AnyValue): string;
}

/** `"[REDACTED]":`, then `"[REDACTED] 2":`: no name is there twice. */
function freePrefix(prefix: string, json: string): string {
  let free = prefix;
  for (let count = 2; json.includes(free); count++) free = `${prefix.slice(0, -2)} ${count}":`;
  return free;
}

export function createRedactedJson(redact: RedactText): RedactedJson {
  const plans = new Map<string, KeyPlan>();
  const deep = createDeepRedaction(redact);

  function planFor(key: string): KeyPlan {
    const known = plans.get(key);
    if (known) return known;
    const bounded = boundedName(key, limits.keyChars);
    const name = redact(bounded);
    const plan = {
      prefix: `${JSON.stringify(attributeName(name))}:`,
      isRenamed: name !== bounded,
      is: nameClass(bounded),
      isValue: isValueName(bounded),
      leaveOut: TAKEN_OUT.has(key),
    };
    if (plans.size < MAX_KEYS_KEPT && key.length <= MAX_KEPT_CHARS) plans.set(key, plan);
    return plan;
  }

  function valueJson(value: AnyValue, key: string, is: NameClass): string {
    switch (typeof value) {
      case 'string':
        return is >= NameClass.hint && isSecretValue(value, is)
          ? REDACTED_JSON
          : JSON.stringify(redact(value));
      case 'number':
        if (is >= NameClass.hint && isSecretValue(value, is)) return REDACTED_JSON;
        if (value >= 1e9 && isSecretNumber(String(value), key)) return REDACTED_JSON;
        return Number.isFinite(value) ? String(value) : `"${value}"`;
      case 'boolean':
        return value ? 'true' : 'false';
      default:
        return value instanceof Uint8Array
          ? `"[${value.byteLength} bytes]"`
          : (JSON.stringify(deep(value, key, is)) ?? 'null');
    }
  }

  function attributesJson(attributes: Attributes): string {
    let json = '';
    for (const key in attributes) {
      const plan = planFor(key);
      if (plan.leaveOut) continue;
      // `{ name: 'password', value: '…' }` is a pair here as well.
      const is = plan.isValue ? (Math.max(plan.is, pairClass(attributes)) as NameClass) : plan.is;
      const prefix = plan.isRenamed ? freePrefix(plan.prefix, json) : plan.prefix;
      const part = prefix + valueJson(attributes[key], key, is);
      if (json.length + part.length > limits.extrasChars) {
        const note = '"monitoring.truncated":true';
        return json === '' ? note : `${json},${note}`;
      }
      json = json === '' ? part : `${json},${part}`;
    }
    return json;
  }

  return { attributes: attributesJson, value: (value) => valueJson(value, '', NameClass.none) };
}
