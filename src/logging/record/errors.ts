import type { Attributes } from '@opentelemetry/api';
import { cut, limits } from './limits.ts';

/** Errors that one record describes: those within an error, and those within them. */
const MAX_ERRORS = 12;
const MAX_DEPTH = 5;

/** Any value as text, also one that does not let itself be made into text. */
export function safeText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'a value without a text';
  }
}

/** Duck-typed, because an error of another realm (vm, worker) is no `instanceof Error` here. */
export function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return (
      value instanceof Error ||
      (Object.prototype.toString.call(value) === '[object Error]' && 'message' in value && 'name' in value)
    );
  } catch {
    return false; // A proxy that does not let itself be looked at.
  }
}

/** `TypeError: nope`, or the name alone. */
export function describeError(error: Error): string {
  const { name, message } = error;
  return message === '' ? safeText(name) : `${safeText(name)}: ${safeText(message)}`;
}

function ownStack(error: Error): string {
  const { stack } = error;
  return typeof stack === 'string' && stack !== '' ? stack : describeError(error);
}

interface Chain {
  readonly seen: Set<unknown>;
  /** The text of a cause that is not an error. */
  readonly describe: (value: unknown) => string;
  left: number;
}

/** An error with its causes and the errors that it aggregates. */
function chainOf(error: unknown, chain: Chain, depth: number): string {
  if (!isError(error)) return cut(chain.describe(error), limits.valueChars);
  if (chain.seen.has(error)) return `[Circular: ${cut(describeError(error), limits.keyChars)}]`;
  if (depth === MAX_DEPTH || chain.left-- === 0) return cut(describeError(error), limits.valueChars);
  chain.seen.add(error);
  // The stack of the first must leave room for the others.
  let text = cut(ownStack(error), depth === 0 ? limits.stackChars / 2 : limits.stackChars / 4);
  const { cause, errors } = error as Error & { readonly errors?: unknown };
  if (cause !== undefined) text += `\nCaused by: ${chainOf(cause, chain, depth + 1)}`;
  if (!Array.isArray(errors)) return text;
  for (const [index, one] of errors.slice(0, MAX_ERRORS).entries()) {
    if (text.length > limits.stackChars) break;
    text += `\n[${index + 1} of ${errors.length}] ${chainOf(one, chain, depth + 1)}`;
  }
  return text;
}

/**
 * Writes an error as `exception.type`, `exception.message` and `exception.stacktrace` (OpenTelemetry semantic
 * conventions), its causes and the errors of an `AggregateError` in the stack trace. A second one in the same record
 * goes under the name of its extra. `describe` makes text of a cause that is no error.
 */
export function addError(
  attributes: Attributes,
  key: string,
  error: Error,
  describe: (value: unknown) => string,
): void {
  const prefix = attributes['exception.type'] === undefined ? 'exception' : key;
  attributes[`${prefix}.type`] = cut(safeText(error.name), limits.keyChars);
  attributes[`${prefix}.message`] = cut(safeText(error.message), limits.valueChars);
  const chain: Chain = { seen: new Set(), describe, left: MAX_ERRORS };
  attributes[`${prefix}.stacktrace`] = cut(chainOf(error, chain, 0), limits.stackChars);
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') attributes[`${prefix}.code`] = cut(code, limits.valueChars);
  else if (typeof code === 'number') attributes[`${prefix}.code`] = code;
}
