import { METRIC_NAME } from '../../../samples/labels.ts';
import type { VectorSelector } from '../ast.ts';
import { Matcher, type MatchOperator } from '../matchers/matcher.ts';
import { unquote } from '../lexer/strings.ts';
import type { Token } from '../lexer/token.ts';
import type { TokenStream } from '../lexer/token-stream.ts';

const MATCH_OPERATORS: ReadonlySet<string> = new Set(['=', '!=', '=~', '!~']);

function newMatcher(
  tokens: TokenStream,
  label: Token,
  name: string,
  op: MatchOperator,
  value: Token,
): Matcher {
  const span = { start: label.start, end: value.end };
  try {
    const matcher = new Matcher(name, op, unquote(value.text));
    tokens.addPattern(matcher.size, span);
    return matcher;
  } catch (error) {
    return tokens.fail((error as Error).message, span);
  }
}

/** `label op "value"`, or a quoted metric name. */
function parseMatcher(tokens: TokenStream): Matcher {
  const label = tokens.peek();
  if (label.kind !== 'identifier' && label.kind !== 'string') {
    tokens.unexpected('label matching', 'identifier or "}"');
  }
  tokens.take();
  const name = label.kind === 'string' ? unquote(label.text) : label.text;
  const op = tokens.peek();
  if (op.kind === 'string' || !MATCH_OPERATORS.has(op.word)) {
    if (label.kind === 'string' && (tokens.is(',') || tokens.is('}'))) {
      return new Matcher(METRIC_NAME, '=', name);
    }
    return label.kind === 'string'
      ? tokens.unexpected('label matching', '"," or "}"')
      : tokens.unexpected('label matching', 'label matching operator');
  }
  tokens.take();
  const value = tokens.peek();
  if (value.kind !== 'string') tokens.unexpected('label matching', 'string');
  tokens.take();
  return newMatcher(tokens, label, name, op.word as MatchOperator, value);
}

/** `{…}` with the opening brace next. */
function parseMatchers(tokens: TokenStream): Matcher[] {
  tokens.take();
  const matchers: Matcher[] = [];
  while (!tokens.skip('}')) {
    matchers.push(parseMatcher(tokens));
    tokens.checkLength(matchers, 'matchers');
    if (!tokens.skip(',') && !tokens.is('}')) tokens.unexpected('label matching', '"," or "}"');
  }
  return matchers;
}

/** A vector selector; `name` is the metric name when one was taken already, else an opening brace is next. */
export function parseSelector(tokens: TokenStream, name: Token | undefined): VectorSelector {
  const start = name?.start ?? tokens.peek().start;
  const inBraces = tokens.is('{') ? parseMatchers(tokens) : [];
  const span = { start, end: tokens.lastEnd };
  const matchers = name === undefined ? inBraces : [...inBraces, new Matcher(METRIC_NAME, '=', name.text)];
  return {
    kind: 'vector-selector',
    name: name?.text ?? '',
    matchers,
    offsetMs: 0,
    at: undefined,
    ...span,
  };
}
