// Hot path: what a key becomes is decided once and kept; strings without secrets cost one test each.
import type { AnyValue, Attributes } from '@opentelemetry/api';
import { cut, limits } from '../record/limits.ts';
import { REDACTED } from './found.ts';
import { NameClass, nameClass } from './names/names.ts';
import { isSecretNumber } from './numbers/numbers.ts';
import { createDeepRedaction, isSecretValue, isValueName, pairClass } from './redact-deep.ts';
import type { RedactText } from './redaction.ts';

/**
 * Names that the record itself has, or from which Loki reads the level (`log_level_fields`): an extra of this
 * name would hide the real one and is written as `ctx.<name>`.
 */
const RESERVED = new Set([
  'level',
  'lvl',
  'log.level',
  'severity',
  'severity_text',
  'severity_number',
  'detected_level',
  'timestamp',
  'observed_timestamp',
  'logger',
  'message',
  'module',
  'function',
  'line',
  'application',
  'service_name',
  'scope_name',
  'scope_version',
  'trace_id',
  'span_id',
  'flags',
]);
const MAX_KEYS_KEPT = 2000;
const REDACTED_JSON = JSON.stringify(REDACTED);

interface KeyPlan {
  /** `"key":`, as it is written. */
  readonly prefix: string;
  /** What the name makes of its value. */
  readonly is: NameClass;
  /** It may be the value that another extra names. */
  readonly isValue: boolean;
  /** Written elsewhere in the record. */
  readonly leaveOut: boolean;
}

/** Attributes that are written elsewhere in the record; the processor reads them itself. */
const TAKEN_OUT = new Set([
  'application',
  'log.record.uid',
  'code.function.name',
  'code.file.path',
  'code.line.number',
]);

/** Writes values as JSON, secrets redacted by name and by value. */
export interface RedactedJson {
  /**
   * Attributes as the inside of a JSON object, `"user":"u1","ms":12`: reserved names as `ctx.<name>`, bounded in
   * size. `application`, `log.record.uid` and the location of the call are left out.
   */
  attributes(attributes: Attributes): string;
  value(value: AnyValue): string;
}

export function createRedactedJson(redact: RedactText): RedactedJson {
  const plans = new Map<string, KeyPlan>();
  const deep = createDeepRedaction(redact);

  function planFor(key: string): KeyPlan {
    const known = plans.get(key);
    if (known) return known;
    const bounded = redact(cut(key, limits.keyChars));
    const name = RESERVED.has(bounded.toLowerCase()) ? `ctx.${bounded}` : bounded;
    const plan = {
      prefix: `${JSON.stringify(name)}:`,
      is: nameClass(bounded),
      isValue: isValueName(bounded),
      leaveOut: TAKEN_OUT.has(key),
    };
    if (plans.size < MAX_KEYS_KEPT) plans.set(key, plan);
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
      const part = plan.prefix + valueJson(attributes[key], key, is);
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
