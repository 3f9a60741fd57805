import { isAlpha, isDigit, isSpace, type NameRules, nameRules, quoteChar } from './characters.ts';
import { PromqlError } from '../promql-error.ts';
import { scanNumberOrDuration } from './scan-number.ts';
import { scanString } from './strings.ts';
import { keywords, type Token, type TokenKind } from './token.ts';

const OPERATORS = new Set(['*', '/', '%', '+', '-', '^', '@']);
const DURATION_OPERATORS = new Set(['*', '/', '%', '+', '-', '^']);
const DURATION_WORDS = new Set(['step', 'range', 'min_of', 'max_of']);
const DURATION_WORD_START = /^[smr]$/i;

/**
 * Cuts an expression into tokens, one per call of `next`, since what a character means depends on the braces and
 * brackets that are open. Error texts and rules are those of promql/parser/lex.go.
 */
export class Lexer {
  readonly text: string;
  readonly #names: NameRules;
  #at = 0;
  #start = 0;
  #parens = 0;
  #braceOpen = false;
  #bracketOpen = false;
  /** After `[`, until its first number: only what a duration may consist of. */
  #durationOnly = false;
  #durationSeen = false;
  #colonSeen = false;

  constructor(text: string, unquotedUtf8Names: boolean) {
    this.text = text;
    this.#names = nameRules(unquotedUtf8Names);
  }

  /** The next token; after the last one always `end`. Throws `PromqlError` at what is no token. */
  next(): Token {
    this.#skipBlanks();
    this.#start = this.#at;
    if (this.#at >= this.text.length) return this.#finish();
    if (this.#durationOnly) return this.#duration();
    if (this.#braceOpen) return this.#insideBraces();
    const char = this.#char(0);
    if (isDigit(char) || (char === '.' && isDigit(this.#char(1)))) return this.#number();
    if (char === '"' || char === "'" || char === '`') return this.#string();
    if (this.#names.isStart(char) || char === ':')
      return this.#bracketOpen ? this.#insideBrackets() : this.#name();
    if (OPERATORS.has(char)) return this.#emit('operator', 1);
    return this.#symbol(char);
  }

  #char(ahead: number): string {
    const code = this.text.codePointAt(this.#at + ahead);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  #fail(message: string): never {
    throw new PromqlError('parse', message, this.text, { start: this.#start, end: this.text.length });
  }

  /** Fails behind the token that was just cut off. */
  #failAfter(message: string): never {
    this.#start = this.#at;
    return this.#fail(message);
  }

  #emit(kind: TokenKind, length: number): Token {
    this.#at = this.#start + length;
    const text = this.text.slice(this.#start, this.#at);
    const isName = kind === 'identifier' || kind === 'metric identifier' || kind === 'string';
    return { kind, text, word: isName ? text : text.toLowerCase(), start: this.#start, end: this.#at };
  }

  #skipBlanks(): void {
    for (;;) {
      while (this.#at < this.text.length && isSpace(this.text[this.#at]!)) this.#at++;
      if (this.text[this.#at] !== '#' || this.#durationOnly) return;
      while (this.#at < this.text.length && !/[\r\n]/.test(this.text[this.#at]!)) this.#at++;
    }
  }

  #finish(): Token {
    if (this.#durationOnly) this.#fail('unexpected end of input in duration expression');
    if (this.#braceOpen) this.#fail('unexpected end of input inside braces');
    if (this.#parens !== 0) this.#fail('unclosed left parenthesis');
    if (this.#bracketOpen) this.#fail('unclosed left bracket');
    return this.#emit('end', 0);
  }

  #number(): Token {
    const { kind, end } = scanNumberOrDuration(this.text, this.#start);
    if (kind === 'bad') {
      const got = JSON.stringify(this.text.slice(this.#start, end));
      this.#fail(`bad number or duration syntax: ${got}`);
    }
    this.#durationOnly = false;
    this.#durationSeen = true;
    return this.#emit(kind, end - this.#start);
  }

  #string(): Token {
    const scan = scanString(this.text, this.#start);
    if (!scan.ok) this.#fail(scan.message);
    return this.#emit('string', scan.end - this.#start);
  }

  #wordLength(isPart: (char: string) => boolean): number {
    let end = this.#start;
    while (end < this.text.length) {
      const char = String.fromCodePoint(this.text.codePointAt(end)!);
      if (!isPart(char)) break;
      end += char.length;
    }
    return end - this.#start;
  }

  #name(): Token {
    const length = this.#wordLength((char) => this.#names.isPart(char) || char === ':');
    const written = this.text.slice(this.#start, this.#start + length);
    const word = written.toLowerCase();
    // A letter such as the Kelvin sign becomes ASCII in lower case and is no keyword for that.
    const kind = /^[\w.:]+$/.test(written) ? keywords.get(word) : undefined;
    // `fill` is a modifier only before a parenthesis, so that metrics of that name go on working.
    const isName = word.startsWith('fill') && !/^\s*\(/.test(this.text.slice(this.#start + length));
    if (kind !== undefined && !isName) return this.#emit(kind, length);
    return this.#emit(word.includes(':') ? 'metric identifier' : 'identifier', length);
  }

  /** A word of duration expressions, undefined when there is none. */
  #durationWord(): Token | undefined {
    if (!DURATION_WORD_START.test(this.#char(0))) return undefined;
    const length = this.#wordLength(isAlpha);
    const word = this.text.slice(this.#start, this.#start + length).toLowerCase();
    return DURATION_WORDS.has(word) ? this.#emit('preprocessor', length) : undefined;
  }

  #duration(): Token {
    const char = this.#char(0);
    if (isDigit(char) || (char === '.' && isDigit(this.#char(1)))) return this.#number();
    if (DURATION_OPERATORS.has(char)) return this.#emit('operator', 1);
    if (char === ',') return this.#emit('punctuation', 1);
    if (char === '(' || char === ')' || char === ']') return this.#bracket(char);
    if (char === ':') {
      const token = this.#emit('punctuation', 1);
      if (!this.#durationSeen) this.#failAfter('unexpected colon before duration in duration expression');
      if (this.#colonSeen) this.#failAfter('unexpected repeated colon in duration expression');
      this.#colonSeen = true;
      return token;
    }
    const word = this.#durationWord();
    if (word === undefined) this.#fail(`unexpected character in duration expression: ${quoteChar(char)}`);
    this.#durationSeen = true;
    return word;
  }

  /** A letter or colon within brackets after the first number. */
  #insideBrackets(): Token {
    const char = this.#char(0);
    if (char === ':') {
      if (this.#colonSeen) this.#fail(`unexpected colon ':'`);
      this.#colonSeen = true;
      return this.#emit('punctuation', 1);
    }
    return this.#durationWord() ?? this.#fail(`unexpected character: ${quoteChar(char)}, expected ':'`);
  }

  #insideBraces(): Token {
    const char = this.#char(0);
    if (this.#names.isStart(char)) return this.#emit('identifier', this.#wordLength(this.#names.isPart));
    switch (char) {
      case '"':
      case "'":
      case '`':
        return this.#string();
      case ',':
        return this.#emit('punctuation', 1);
      case '=':
        return this.#char(1) === '~' ? this.#emit('operator', 2) : this.#emit('punctuation', 1);
      case '!': {
        const after = this.#char(1);
        if (after === '~' || after === '=') return this.#emit('operator', 2);
        return this.#fail(`unexpected character after '!' inside braces: ${quoteChar(after)}`);
      }
      case '{':
        return this.#fail(`unexpected left brace '{'`);
      case '}':
        this.#braceOpen = false;
        return this.#emit('punctuation', 1);
      default:
        return this.#fail(`unexpected character inside braces: ${quoteChar(char)}`);
    }
  }

  #symbol(char: string): Token {
    const after = this.#char(1);
    switch (char) {
      case ',':
        return this.#emit('punctuation', 1);
      case '=':
        if (after === '~') this.#fail(`unexpected character after '=': '~'`);
        return after === '=' ? this.#emit('operator', 2) : this.#emit('punctuation', 1);
      case '!':
        if (after !== '=') this.#fail(`unexpected character after '!': ${quoteChar(after)}`);
        return this.#emit('operator', 2);
      case '<':
      case '>':
        return this.#emit('operator', after === '=' || after === '/' ? 2 : 1);
      default:
        return this.#bracket(char);
    }
  }

  #bracket(char: string): Token {
    switch (char) {
      case '(':
        this.#parens++;
        break;
      case ')':
        this.#parens--;
        if (this.#parens < 0) {
          this.#at++;
          this.#failAfter(`unexpected right parenthesis ')'`);
        }
        break;
      case '{':
        this.#braceOpen = true;
        break;
      case '[':
        if (this.#bracketOpen) this.#fail(`unexpected left bracket '['`);
        this.#bracketOpen = true;
        this.#durationOnly = true;
        this.#durationSeen = false;
        this.#colonSeen = false;
        break;
      case ']':
        if (!this.#bracketOpen) this.#fail(`unexpected right bracket ']'`);
        this.#bracketOpen = false;
        this.#durationOnly = false;
        break;
      default:
        this.#fail(`unexpected character: ${quoteChar(char)}`);
    }
    return this.#emit('punctuation', 1);
  }
}
