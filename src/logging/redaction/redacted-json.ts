// Hot path: what a key becomes is decided once and kept; strings without secrets cost one test each.
import type { AnyValue, Attributes } from '@opentelemetry/api';
import { cut, limits } from '../record/limits.ts';
import { createKeyRedaction } from './redact-key.ts';
import { REDACTED, redactValue } from './redact-value.ts';

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
  readonly redact: boolean;
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
   * size. `application`, `log.record.uid` and the place of the call are left out.
   */
  attributes(attributes: Attributes): string;
  value(value: AnyValue): string;
}

/** `moreSecretKeys` are names of extras in addition to the built-in ones. */
export function createRedactedJson(moreSecretKeys: readonly string[]): RedactedJson {
  const isSecret = createKeyRedaction(moreSecretKeys);
  const plans = new Map<string, KeyPlan>();

  function planFor(key: string): KeyPlan {
    const known = plans.get(key);
    if (known) return known;
    const bounded = cut(key, limits.keyChars);
    const name = RESERVED.has(bounded.toLowerCase()) ? `ctx.${bounded}` : bounded;
    const plan = {
      prefix: `${JSON.stringify(name)}:`,
      redact: isSecret(bounded),
      leaveOut: TAKEN_OUT.has(key),
    };
    if (plans.size < MAX_KEYS_KEPT) plans.set(key, plan);
    return plan;
  }

  function redactDeep(value: AnyValue): AnyValue {
    if (typeof value === 'string') return redactValue(value);
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    if (Array.isArray(value)) return value.map(redactDeep);
    const copy: Record<string, AnyValue> = {};
    for (const key of Object.keys(value)) {
      copy[key] = planFor(key).redact ? REDACTED : redactDeep((value as Record<string, AnyValue>)[key]);
    }
    return copy;
  }

  function valueJson(value: AnyValue): string {
    switch (typeof value) {
      case 'string':
        return JSON.stringify(redactValue(value));
      case 'number':
        return Number.isFinite(value) ? String(value) : `"${value}"`;
      case 'boolean':
        return value ? 'true' : 'false';
      default:
        return value instanceof Uint8Array
          ? `"[${value.byteLength} bytes]"`
          : (JSON.stringify(redactDeep(value)) ?? 'null');
    }
  }

  function attributesJson(attributes: Attributes): string {
    let json = '';
    for (const key in attributes) {
      const plan = planFor(key);
      if (plan.leaveOut) continue;
      const part = plan.prefix + (plan.redact ? REDACTED_JSON : valueJson(attributes[key]));
      if (json.length + part.length > limits.extrasChars) {
        const note = '"monitoring.truncated":true';
        return json === '' ? note : `${json},${note}`;
      }
      json = json === '' ? part : `${json},${part}`;
    }
    return json;
  }

  return { attributes: attributesJson, value: valueJson };
}
