import { TemplateError } from './template-error.ts';

/** The parts of an action (Go, text/template/parse/lex.go). `space` separates arguments. */
export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'identifier'
  | 'field'
  | 'variable'
  | 'dot'
  | 'string'
  | 'char'
  | 'number'
  | 'pipe'
  | 'paren'
  | 'declare'
  | 'assign'
  | 'comma'
  | 'space'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** The text as written; of a field and a variable without the dot. */
  readonly text: string;
  readonly at: number;
}

const PARTS: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', /[ \t\r\n]+/y],
  ['declare', /:=/y],
  ['assign', /=/y],
  ['pipe', /\|/y],
  ['comma', /,/y],
  ['paren', /[()]/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ['char', /'(?:[^'\\\n]|\\[^\n])+'/y],
  [
    'number',
    /[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y,
  ],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['dot', /\./y],
  ['identifier', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
];

const OPEN = '{{';
const CLOSE = '}}';
const TRIM_OPEN = /^-[ \t\r\n]/;
const COMMENT = /(-[ \t\r\n]+)?\/\*/y;
const CLOSE_PART = /([ \t\r\n]+-)?\}\}/y;
const LEADING_SPACE = /^[ \t\r\n]+/;
const TRAILING_SPACE = /[ \t\r\n]+$/;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

class Lexer {
  readonly tokens: Token[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): readonly Token[] {
    let trimNext = false;
    for (;;) {
      const open = this.#text.indexOf(OPEN, this.#at);
      const end = open < 0 ? this.#text.length : open;
      const trimsBefore = open >= 0 && TRIM_OPEN.test(this.#text.slice(open + 2, open + 4));
      let text = this.#text.slice(this.#at, end);
      if (trimNext) text = text.replace(LEADING_SPACE, '');
      if (trimsBefore) text = text.replace(TRAILING_SPACE, '');
      if (text !== '') this.#push('text', text, this.#at);
      if (open < 0) break;
      this.#at = open;
      const comment = matchAt(COMMENT, this.#text, open + 2);
      trimNext = comment ? this.#comment(open, comment[0].length) : this.#action(open, trimsBefore);
    }
    this.#push('end', '', this.#text.length);
    return this.tokens;
  }

  #push(kind: TokenKind, text: string, at: number): void {
    this.tokens.push({ kind, text, at });
  }

  /** Answers whether the text behind the action loses its leading space. */
  #comment(open: number, length: number): boolean {
    const end = this.#text.indexOf('*/', open + 2 + length);
    if (end < 0) throw new TemplateError('unclosed comment', this.#text, open);
    const close = matchAt(CLOSE_PART, this.#text, end + 2);
    if (!close) throw new TemplateError('comment ends before closing delimiter', this.#text, open);
    this.#at = CLOSE_PART.lastIndex;
    return close[1] !== undefined;
  }

  #action(open: number, trimsBefore: boolean): boolean {
    this.#push('open', OPEN, open);
    this.#at = open + (trimsBefore ? 3 : 2);
    for (;;) {
      const close = matchAt(CLOSE_PART, this.#text, this.#at);
      if (close) {
        this.#push('close', CLOSE, this.#at);
        this.#at = CLOSE_PART.lastIndex;
        return close[1] !== undefined;
      }
      if (this.#at >= this.#text.length) throw new TemplateError('unclosed action', this.#text, open);
      this.#part(open);
    }
  }

  #part(open: number): void {
    for (const [kind, pattern] of PARTS) {
      const match = matchAt(pattern, this.#text, this.#at);
      if (!match) continue;
      const text = kind === 'field' || kind === 'variable' ? match[0].slice(1) : match[0];
      this.#push(kind, text, this.#at);
      this.#at = pattern.lastIndex;
      return;
    }
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at)!);
    if (char === '"' || char === '`')
      throw new TemplateError('unterminated quoted string', this.#text, this.#at);
    if (char === "'") throw new TemplateError('unterminated character constant', this.#text, this.#at);
    if (this.#text.startsWith(OPEN, this.#at)) throw new TemplateError('unclosed action', this.#text, open);
    throw new TemplateError(`unexpected ${JSON.stringify(char)} in action`, this.#text, this.#at);
  }
}

/** Cuts a template into tokens; `{{-` and `-}}` have already taken the space beside them. */
export function lex(text: string): readonly Token[] {
  return new Lexer(text).run();
}
