import { quoteText } from '../../../samples/labels.ts';
import type { Span } from '../position.ts';

export type TokenKind =
  | 'end'
  | 'identifier'
  | 'metric identifier'
  | 'number'
  | 'duration'
  | 'string'
  | 'aggregator'
  | 'keyword'
  | 'preprocessor'
  | 'operator'
  | 'punctuation';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** In lower case for words that mean something whatever their case; else as written. */
  readonly word: string;
}

const groups: readonly (readonly [TokenKind, readonly string[]])[] = [
  ['operator', ['and', 'or', 'unless', 'atan2']],
  [
    'aggregator',
    [
      'sum',
      'avg',
      'count',
      'min',
      'max',
      'group',
      'stddev',
      'stdvar',
      'topk',
      'bottomk',
      'count_values',
      'quantile',
      'limitk',
      'limit_ratio',
    ],
  ],
  [
    'keyword',
    [
      'offset',
      'smoothed',
      'anchored',
      'by',
      'without',
      'on',
      'ignoring',
      'group_left',
      'group_right',
      'fill',
      'fill_left',
      'fill_right',
      'bool',
    ],
  ],
  ['preprocessor', ['start', 'end', 'step', 'range', 'min_of', 'max_of']],
  ['number', ['inf', 'nan']],
];

/** Words with a meaning of their own, in lower case. */
export const keywords: ReadonlyMap<string, TokenKind> = new Map(
  groups.flatMap(([kind, words]) => words.map((word) => [word, kind] as const)),
);

function quoted(text: string): string {
  return text.length > 10 ? `${quoteText(text.slice(0, 10))}...` : quoteText(text);
}

/** How an error text names a token that was not expected (promql/parser/lex.go, Item.desc). */
export function describe(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'end of input';
    case 'identifier':
    case 'metric identifier':
      return `${token.kind} ${quoteText(token.text)}`;
    case 'number':
    case 'duration':
    case 'string':
      return `${token.kind} ${quoted(token.text)}`;
    case 'keyword':
      return `<${token.text}>`;
    case 'operator':
      return `<op:${token.text}>`;
    case 'aggregator':
      return `<aggr:${token.text}>`;
    case 'preprocessor':
    case 'punctuation':
      return quoted(token.text);
  }
}

/** Keywords that are no metric names where an expression begins. */
const NEVER_METRIC: ReadonlySet<string> = new Set([
  'bool',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'atan2',
]);

/** True when an expression may begin with a token. */
export function mayBegin({ kind, word, text }: Token): boolean {
  if (kind === 'end') return false;
  if (kind === 'punctuation') return word === '(' || word === '{';
  if (kind !== 'operator' && kind !== 'keyword') return true;
  return word === '+' || word === '-' || (!NEVER_METRIC.has(word) && /^[\p{L}_:]/u.test(text));
}
