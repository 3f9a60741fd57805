// Hot path: primitives pass as they are; everything else is copied with bounds.
import type { AnyValue, Attributes } from '@opentelemetry/api';
import { boundedName } from '../../own-log/bounded-name.ts';
import { addError, describeError, isError, safeText } from './errors.ts';
import { cut, limits } from './limits.ts';

const CYCLE = '[Circular]';
const HUGE_KEYS = 10_000;
/** More digits are no number that somebody reads, and their text costs the square of their count. */
const MAX_BIGINT = 10n ** 100n;

/** Locations come from the log call; an extra of such a name is data. */
const LOCATION = /^code\.(?:function\.name|file\.path|line\.number)$/;

/** What one log call may cost: its extras may come from a client. */
class Budget {
  #values: number = limits.values;
  #chars: number = limits.extrasChars;
  readonly #endMs = performance.now() + limits.copyMs;

  /** Whether there is room for another value. */
  takeValue(): boolean {
    if (--this.#values < 0 || this.#chars < 0) return false;
    // The clock is looked at seldom: only accessors and proxies take long.
    return (this.#values & 15) !== 0 || performance.now() < this.#endMs;
  }

  text(text: string): string {
    const bounded = text.length > limits.valueChars ? cut(text, limits.valueChars) : text;
    this.#chars -= bounded.length;
    return bounded;
  }
}

/**
 * The engine gives the names of an object all at once or not at all: for a million that takes a third of a second. An
 * object that had so many is not asked again.
 */
const keysOfHuge = new WeakMap<object, readonly string[]>();

/** Enough names of a buffer: making those of all its elements costs more than the buffer itself. */
const firstIndices: readonly string[] = Array.from({ length: limits.extras + 1 }, (_, index) =>
  String(index),
);

function isHugeView(value: object): boolean {
  return ArrayBuffer.isView(value) && value.byteLength >= HUGE_KEYS;
}

function keysOf(value: object): readonly string[] {
  if (isHugeView(value)) return firstIndices;
  const known = keysOfHuge.get(value);
  if (known) return known;
  const keys = Object.keys(value);
  if (keys.length < HUGE_KEYS) return keys;
  const first = keys.slice(0, limits.extras + 1);
  keysOfHuge.set(value, first);
  return first;
}

/** Without a prototype: `__proto__` is a name like any other there. */
function emptyCopy<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

/** A property that may be an accessor that throws. */
function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch (error) {
    return `[Thrown: ${safeText(error)}]`;
  }
}

function* entriesOf(value: object): Generator<[string, unknown]> {
  for (const key of keysOf(value)) yield [key, read(value, key)];
}

type Seen = readonly object[];

function copyEntries(pairs: Iterable<readonly [unknown, unknown]>, seen: Seen, budget: Budget): AnyValue {
  const copy = emptyCopy<AnyValue>();
  let count = 0;
  for (const [key, value] of pairs) {
    if (count++ === limits.entries || !budget.takeValue()) {
      copy['…'] = 'more entries left out';
      break;
    }
    const copied = copyValue(value, seen, budget);
    if (copied !== undefined) copy[boundedName(budget.text(safeText(key)), limits.keyChars)] = copied;
  }
  return copy;
}

function copyList(values: Iterable<unknown>, seen: Seen, budget: Budget): AnyValue[] {
  const copy: AnyValue[] = [];
  for (const value of values) {
    if (copy.length === limits.entries || !budget.takeValue()) {
      copy.push('… more entries left out');
      break;
    }
    copy.push(copyValue(value, seen, budget) ?? null);
  }
  return copy;
}

function copyObject(value: object, seen: Seen, budget: Budget): AnyValue {
  if (seen.includes(value)) return CYCLE;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (isError(value)) return budget.text(describeError(value));
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof RegExp || value instanceof URL) return budget.text(String(value));
  if (seen.length === limits.depth) return Array.isArray(value) ? '[Array]' : '[Object]';
  const deeper = [...seen, value];
  if (Array.isArray(value) || value instanceof Set) return copyList(value, deeper, budget);
  if (value instanceof Map) return copyEntries(value, deeper, budget);
  const toJson = read(value, 'toJSON');
  if (typeof toJson === 'function') return copyValue(toJson.call(value), deeper, budget) ?? null;
  return copyEntries(entriesOf(value), deeper, budget);
}

/** A copy that OpenTelemetry takes, or `undefined` for what has no value. Bounded in depth, size, count and time. */
function copyValue(value: unknown, seen: Seen, budget: Budget): AnyValue {
  switch (typeof value) {
    case 'string':
      return budget.text(value);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
      return value;
    case 'bigint':
      return value > MAX_BIGINT || value < -MAX_BIGINT ? '[BigInt of more than 100 digits]' : String(value);
    case 'symbol':
      return budget.text(String(value));
    case 'function':
      return budget.text(`[Function ${safeText(read(value, 'name'))}]`);
    case 'undefined':
      return undefined;
    case 'object':
      if (value === null) return null;
      try {
        return copyObject(value, seen, budget);
      } catch (error) {
        return budget.text(`[Unreadable: ${safeText(error)}]`);
      }
  }
}

/** Any value as OpenTelemetry takes it; null for what has none. Never throws. */
export function toAnyValue(value: unknown): AnyValue {
  return copyValue(value, [], new Budget()) ?? null;
}

function addExtra(attributes: Attributes, key: string, value: unknown, budget: Budget): void {
  if (isError(value)) {
    try {
      addError(attributes, key, value, (cause) => JSON.stringify(copyValue(cause, [], budget)) ?? '');
    } catch (error) {
      attributes[key] = `[Unreadable: ${safeText(error)}]`;
    }
    return;
  }
  const copied = copyValue(value, [], budget);
  if (copied !== undefined) attributes[key] = copied;
}

/** Whether the extras can be used as they are: a plain object of few short values. */
function isPlain(extras: object, keys: readonly string[]): boolean {
  try {
    return hasPlainValues(extras, keys);
  } catch {
    return false; // An accessor threw; reading one by one shows which.
  }
}

function hasPlainValues(extras: object, keys: readonly string[]): boolean {
  if (keys.length > limits.extras || Object.getPrototypeOf(extras) !== Object.prototype) return false;
  for (const key of keys) {
    const value = (extras as Record<string, unknown>)[key];
    if (typeof value === 'string' ? value.length > limits.valueChars : !isPlainValue(value)) return false;
    if (key === '' || (key.startsWith('code.') && LOCATION.test(key))) return false;
  }
  return true;
}

const isPlainValue = (value: unknown): boolean =>
  typeof value === 'number' ? Number.isFinite(value) : typeof value === 'boolean';

function addExtras(attributes: Attributes, extras: object, keys: readonly string[], budget: Budget): void {
  for (const key of keys.slice(0, limits.extras)) {
    if (key === '') continue;
    if (!budget.takeValue()) {
      attributes['…'] = 'more extras left out';
      return;
    }
    addExtra(attributes, LOCATION.test(key) ? `ctx.${key}` : key, read(extras, key), budget);
  }
}

/** A map becomes an object of its entries. */
function fromMap(map: ReadonlyMap<unknown, unknown>): Record<string, unknown> {
  const object = emptyCopy<unknown>();
  let count = 0;
  for (const [key, value] of map) {
    if (count++ === limits.extras) break;
    object[boundedName(safeText(key), limits.keyChars)] = value;
  }
  return object;
}

function convert(attributes: Attributes, extras: unknown): Attributes {
  if (typeof extras !== 'object' || extras === null || isError(extras) || Array.isArray(extras)) {
    addExtra(attributes, isError(extras) ? 'error' : 'extra', extras, new Budget());
    return attributes;
  }
  const object = extras instanceof Map ? fromMap(extras) : extras;
  const keys = keysOf(object);
  if (isPlain(object, keys)) return object as Attributes;
  addExtras(attributes, object, keys, new Budget());
  return attributes;
}

/**
 * The extras of a log call as attributes of the record. An error may be passed instead of the extras or be one
 * of them; any other value that is no object becomes the extra `extra`. The result may be the extras themselves:
 * it is for use before the log call returns. Never throws.
 */
export function toAttributes(extras: unknown): Attributes | undefined {
  if (extras === undefined || extras === null) return undefined;
  const attributes: Attributes = emptyCopy<AnyValue>();
  try {
    return convert(attributes, extras);
  } catch (error) {
    attributes['extra'] = `[Unreadable: ${safeText(error)}]`;
    return attributes;
  }
}
