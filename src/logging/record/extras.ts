// Hot path: primitives pass as they are; everything else is copied with bounds.
import type { AnyValue, Attributes } from '@opentelemetry/api';
import { cut, limits } from './limits.ts';

type Seen = readonly object[];

const CYCLE = '[Circular]';

function describeError(error: Error): string {
  const { name, message } = error;
  return message === '' ? name : `${name}: ${message}`;
}

/** The stack with those of the causes, as Node prints them, bounded. */
function stackOf(error: Error): string {
  let text = typeof error.stack === 'string' ? error.stack : describeError(error);
  let cause: unknown = error.cause;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth++, cause = cause.cause) {
    text += `\nCaused by: ${typeof cause.stack === 'string' ? cause.stack : describeError(cause)}`;
  }
  return cut(text, limits.stackChars);
}

/** Duck-typed, because an error of another realm (vm, worker) is no `instanceof Error` here. */
function isError(value: object): value is Error {
  try {
    return (
      value instanceof Error ||
      (Object.prototype.toString.call(value) === '[object Error]' && 'message' in value && 'name' in value)
    );
  } catch {
    return false; // A proxy that does not let itself be looked at.
  }
}

function copyEntries(pairs: Iterable<readonly [unknown, unknown]>, seen: Seen): AnyValue {
  const copy: Record<string, AnyValue> = {};
  let count = 0;
  for (const [key, value] of pairs) {
    if (count++ === limits.entries) {
      copy['…'] = 'more entries left out';
      break;
    }
    const copied = copyValue(value, seen);
    if (copied !== undefined) copy[cut(String(key), limits.keyChars)] = copied;
  }
  return copy;
}

function copyList(values: Iterable<unknown>, seen: Seen): AnyValue[] {
  const copy: AnyValue[] = [];
  for (const value of values) {
    if (copy.length === limits.entries) {
      copy.push('… more entries left out');
      break;
    }
    copy.push(copyValue(value, seen) ?? null);
  }
  return copy;
}

function* entriesOf(value: object): Generator<[string, unknown]> {
  for (const key of Object.keys(value)) yield [key, read(value, key)];
}

/** A property that may be an accessor that throws. */
function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch (error) {
    return `[Thrown: ${String(error)}]`;
  }
}

function copyObject(value: object, seen: Seen): AnyValue {
  if (seen.includes(value)) return CYCLE;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (isError(value)) return cut(describeError(value), limits.valueChars);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof RegExp || value instanceof URL) return cut(String(value), limits.valueChars);
  if (seen.length === limits.depth) return Array.isArray(value) ? '[Array]' : '[Object]';
  const deeper = [...seen, value];
  if (Array.isArray(value) || value instanceof Set) return copyList(value, deeper);
  if (value instanceof Map) return copyEntries(value, deeper);
  const toJson = read(value, 'toJSON');
  if (typeof toJson === 'function') return copyValue(toJson.call(value), deeper) ?? null;
  return copyEntries(entriesOf(value), deeper);
}

/** A copy that OpenTelemetry takes, or `undefined` for what has no value. Bounded in depth, size and count. */
function copyValue(value: unknown, seen: Seen): AnyValue {
  switch (typeof value) {
    case 'string':
      return value.length > limits.valueChars ? cut(value, limits.valueChars) : value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
      return value;
    case 'bigint':
      return String(value);
    case 'symbol':
      return String(value);
    case 'function':
      return `[Function ${value.name}]`;
    case 'undefined':
      return undefined;
    case 'object':
      if (value === null) return null;
      try {
        return copyObject(value, seen);
      } catch (error) {
        return `[Unreadable: ${String(error)}]`;
      }
  }
}

/** Any value as OpenTelemetry takes it; null for what has none. Never throws. */
export function toAnyValue(value: unknown): AnyValue {
  return copyValue(value, []) ?? null;
}

/**
 * Writes an error as `exception.type`, `exception.message` and `exception.stacktrace` (OpenTelemetry semantic
 * conventions). A second one in the same record goes under the name of its extra.
 */
function addError(attributes: Attributes, key: string, error: Error): void {
  const taken = attributes['exception.type'] !== undefined;
  const prefix = taken ? key : 'exception';
  attributes[`${prefix}.type`] = cut(String(error.name), limits.keyChars);
  attributes[`${prefix}.message`] = cut(String(error.message), limits.valueChars);
  attributes[`${prefix}.stacktrace`] = stackOf(error);
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' || typeof code === 'number') attributes[`${prefix}.code`] = code;
}

function addExtra(attributes: Attributes, key: string, value: unknown): void {
  if (typeof value === 'string' ? value.length <= limits.valueChars : typeof value === 'boolean') {
    attributes[key] = value;
    return;
  }
  if (typeof value === 'object' && value !== null && isError(value)) {
    try {
      addError(attributes, key, value);
    } catch (error) {
      attributes[key] = `[Unreadable: ${String(error)}]`;
    }
    return;
  }
  const copied = copyValue(value, []);
  if (copied !== undefined) attributes[key] = copied;
}

/** Whether the extras can stand as they are: a plain object of few short values, without anything to run. */
function isPlain(extras: object): boolean {
  if (Object.getPrototypeOf(extras) !== Object.prototype) return false;
  let count = 0;
  // oxlint-disable-next-line guard-for-in -- what somebody adds to Object.prototype is an extra like any other
  for (const key in extras) {
    const value = (extras as Record<string, unknown>)[key];
    if (typeof value === 'string' ? value.length > limits.valueChars : !isPlainValue(value)) return false;
    count++;
  }
  return count <= limits.extras;
}

const isPlainValue = (value: unknown): boolean =>
  typeof value === 'number' ? Number.isFinite(value) : typeof value === 'boolean';

/** The extras themselves where they can stand as they are; undefined otherwise. */
function asPlain(extras: unknown): Attributes | undefined {
  try {
    return typeof extras === 'object' && extras !== null && isPlain(extras)
      ? (extras as Attributes)
      : undefined;
  } catch {
    return undefined; // An accessor threw; reading one by one finds which.
  }
}

/**
 * The extras of a log call as attributes of the record. An error may stand for the extras as a whole or be one
 * of them; any other value that is no object becomes the extra `extra`. The result may be the extras themselves:
 * it is for use before the log call returns. Never throws.
 */
export function toAttributes(extras: unknown): Attributes | undefined {
  if (extras === undefined || extras === null) return undefined;
  const plain = asPlain(extras);
  if (plain) return plain;
  const attributes: Attributes = {};
  if (typeof extras !== 'object' || isError(extras) || Array.isArray(extras)) {
    addExtra(attributes, typeof extras === 'object' && isError(extras) ? 'error' : 'extra', extras);
    return attributes;
  }
  try {
    addExtras(attributes, extras);
  } catch (error) {
    attributes['extra'] = `[Unreadable: ${String(error)}]`;
  }
  return attributes;
}

function addExtras(attributes: Attributes, extras: object): void {
  const entries: Record<string, unknown> =
    extras instanceof Map ? Object.fromEntries(extras) : (extras as Record<string, unknown>);
  for (const key of Object.keys(entries).slice(0, limits.extras)) {
    if (key !== '') addExtra(attributes, key, read(entries, key));
  }
}
