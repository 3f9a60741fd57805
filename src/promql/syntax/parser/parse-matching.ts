import type { BinaryOperator, VectorMatching } from '../ast.ts';
import { isSetOperator } from '../ast.ts';
import { unquote } from '../lexer/strings.ts';
import { mayBegin } from '../lexer/token.ts';
import type { TokenStream } from '../lexer/token-stream.ts';

function parseLabel(tokens: TokenStream): string {
  const token = tokens.peek();
  const isName = /^[\p{L}_:]/u.test(token.text) && token.kind !== 'number' && token.word !== 'without';
  if (token.kind !== 'string' && !isName) tokens.unexpected('grouping opts', 'label');
  tokens.take();
  return token.kind === 'string' ? unquote(token.text) : token.text;
}

/** `(label, label)` of by, without, on, ignoring, group_left and group_right. */
export function parseLabelList(tokens: TokenStream): string[] {
  if (!tokens.skip('(')) tokens.unexpected('grouping opts', '"("');
  const labels: string[] = [];
  while (!tokens.skip(')')) {
    labels.push(parseLabel(tokens));
    tokens.checkLength(labels, 'labels');
    if (!tokens.skip(',') && !tokens.is(')')) tokens.unexpected('grouping opts', '"," or ")"');
  }
  return labels;
}

/** `on (…)` or `ignoring (…)` with `group_left` or `group_right`, or what holds without them. */
export function parseMatching(tokens: TokenStream, op: BinaryOperator): VectorMatching {
  const plain = isSetOperator(op) ? 'many-to-many' : 'one-to-one';
  const on = tokens.is('on');
  if (!on && !tokens.is('ignoring')) return { cardinality: plain, labels: [], on: false, include: [] };
  tokens.take();
  const labels = parseLabelList(tokens);
  const isLeft = tokens.is('group_left');
  if (!isLeft && !tokens.is('group_right')) return { cardinality: plain, labels, on, include: [] };
  tokens.take();
  const next = tokens.peek();
  const isBare = next.word !== '(' && (mayBegin(next) || next.word.startsWith('fill'));
  const include = isBare ? [] : parseLabelList(tokens);
  return { cardinality: isLeft ? 'many-to-one' : 'one-to-many', labels, on, include };
}

/** Reads `fill(0)` and the like, which are not built; true when there were any. */
export function skipFill(tokens: TokenStream): boolean {
  const token = tokens.peek();
  if (token.kind !== 'keyword' || !token.word.startsWith('fill')) return false;
  tokens.take();
  tokens.take();
  if (tokens.is('-') || tokens.is('+')) tokens.take();
  const { kind } = tokens.peek();
  if (kind !== 'number' && kind !== 'duration') tokens.unexpected();
  tokens.take();
  if (!tokens.skip(')')) tokens.unexpected();
  skipFill(tokens);
  return true;
}
