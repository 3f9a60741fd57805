import { lex, type Token, type TokenKind } from './lexer.ts';
import type { Command, Operand, ParsedTemplate, Pipeline, TemplateNode } from './node.ts';
import { TemplateError } from './template-error.ts';
import { readChar, readNumber, unquote } from './literals.ts';
import type { GoValue } from './value.ts';

const MAX_DEPTH = 100;
const KEYWORDS = new Set([
  'if',
  'with',
  'range',
  'end',
  'else',
  'define',
  'template',
  'block',
  'break',
  'continue',
]);

/** Variables that every template of a rule begins with (Prometheus, rules/alerting.go). */
const GIVEN_VARIABLES = ['', 'labels', 'externalLabels', 'externalURL', 'value'];

/** How a list of nodes ended: with `{{ end }}`, or with `{{ else }}` before the token where it goes on. */
type Ending = 'end' | 'else' | 'text end';

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #functions: ReadonlySet<string>;
  readonly #defined = new Map<string, readonly TemplateNode[]>();
  #at = 0;
  #depth = 0;
  #loops = 0;
  #variables: string[] = [...GIVEN_VARIABLES];

  constructor(text: string, functions: ReadonlySet<string>) {
    this.#text = text;
    this.#tokens = lex(text);
    this.#functions = functions;
  }

  parse(): ParsedTemplate {
    const main: TemplateNode[] = [];
    const ending = this.#list(main);
    if (ending !== 'text end') this.#fail(`unexpected {{${ending}}}`);
    return { main, defined: this.#defined };
  }

  #fail(message: string, at = this.#peek().at): never {
    throw new TemplateError(message, this.#text, at);
  }

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }

  #next(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }

  #skipSpace(): void {
    while (this.#peek().kind === 'space') this.#at++;
  }

  #peekSolid(): Token {
    this.#skipSpace();
    return this.#peek();
  }

  #expect(kind: TokenKind, context: string): Token {
    const token = this.#peekSolid();
    if (token.kind !== kind) this.#fail(`unexpected ${this.#show(token)} in ${context}`);
    this.#at++;
    return token;
  }

  #show(token: Token): string {
    return token.kind === 'end' ? 'end of text' : JSON.stringify(token.text);
  }

  #isKeyword(name: string): boolean {
    const token = this.#peekSolid();
    return token.kind === 'identifier' && token.text === name;
  }

  /** Reads nodes up to `{{ end }}` or `{{ else`; of the latter only the keyword is taken. */
  #list(into: TemplateNode[]): Ending {
    for (;;) {
      const token = this.#next();
      if (token.kind === 'end') return 'text end';
      if (token.kind === 'text') {
        into.push({ kind: 'text', text: token.text, at: token.at });
        continue;
      }
      const first = this.#peekSolid();
      if (first.kind === 'identifier' && KEYWORDS.has(first.text)) {
        this.#at++;
        if (first.text === 'end') {
          this.#expect('close', 'end');
          return 'end';
        }
        if (first.text === 'else') return 'else';
        this.#keyword(first, into);
        continue;
      }
      const pipeline = this.#pipeline('command', 'close');
      // A declaration prints nothing, but it is evaluated.
      into.push({ kind: 'print', pipeline, at: first.at });
    }
  }

  #keyword(token: Token, into: TemplateNode[]): void {
    if (++this.#depth > MAX_DEPTH) this.#fail('too deeply nested', token.at);
    switch (token.text) {
      case 'if':
      case 'with':
      case 'range':
        into.push(this.#control(token.text, token.at));
        break;
      case 'define':
        this.#define();
        break;
      case 'template':
        into.push(this.#template(token.at));
        break;
      case 'block':
        into.push(this.#block(token.at));
        break;
      default:
        if (this.#loops === 0) this.#fail(`{{${token.text}}} outside {{range}}`, token.at);
        this.#expect('close', token.text);
        into.push({ kind: token.text === 'break' ? 'break' : 'continue', at: token.at });
    }
    this.#depth--;
  }

  #control(kind: 'if' | 'with' | 'range', at: number): TemplateNode {
    const visible = this.#variables.length;
    const pipeline = this.#pipeline(kind, 'close');
    const body: TemplateNode[] = [];
    const otherwise: TemplateNode[] = [];
    if (kind === 'range') this.#loops++;
    const ending = this.#list(body);
    if (kind === 'range') this.#loops--;
    if (ending === 'text end') this.#fail(`unexpected end of text in ${kind}`);
    if (ending === 'else') this.#otherwise(kind, otherwise);
    this.#variables.length = visible;
    return { kind, pipeline, body, otherwise, at };
  }

  #otherwise(kind: 'if' | 'with' | 'range', into: TemplateNode[]): void {
    if (kind !== 'range' && this.#isKeyword(kind)) {
      // `{{ else if }}` is an `if` inside the `else`; both end at one `{{ end }}`.
      const inner = this.#next();
      if (++this.#depth > MAX_DEPTH) this.#fail('too deeply nested', inner.at);
      into.push(this.#control(kind, inner.at));
      this.#depth--;
      return;
    }
    this.#expect('close', 'else');
    if (this.#list(into) !== 'end') this.#fail(`expected {{end}} after {{else}} of ${kind}`);
  }

  #name(context: string): string {
    const token = this.#expect('string', context);
    return unquote(token.text) ?? this.#fail(`unknown escape in ${token.text}`, token.at);
  }

  /** A body with variables of its own; `$` is what the template is called with. */
  #body(context: string): readonly TemplateNode[] {
    const outer = this.#variables;
    const loops = this.#loops;
    this.#variables = [''];
    this.#loops = 0;
    const body: TemplateNode[] = [];
    if (this.#list(body) !== 'end') this.#fail(`expected {{end}} of ${context}`);
    this.#variables = outer;
    this.#loops = loops;
    return body;
  }

  #define(): void {
    const name = this.#name('define');
    this.#expect('close', 'define');
    this.#defined.set(name, this.#body('define'));
  }

  #template(at: number): TemplateNode {
    const name = this.#name('template');
    const isLast = this.#peekSolid().kind === 'close';
    const pipeline = isLast ? undefined : this.#pipeline('template', 'close');
    if (isLast) this.#at++;
    return { kind: 'template', name, pipeline, at };
  }

  #block(at: number): TemplateNode {
    const name = this.#name('block');
    const pipeline = this.#pipeline('block', 'close');
    this.#defined.set(name, this.#body('block'));
    return { kind: 'template', name, pipeline, at };
  }

  #pipeline(context: string, end: 'close' | ')'): Pipeline {
    const at = this.#peekSolid().at;
    const { variables, assigns } = this.#declaration(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.#peekSolid();
      if (token.kind === 'close' || (token.kind === 'paren' && token.text === ')')) {
        if ((end === 'close') !== (token.kind === 'close')) {
          this.#fail(end === 'close' ? 'unexpected right paren' : 'unclosed left paren');
        }
        if (commands.length === 0) this.#fail(`missing value for ${context}`);
        this.#at++;
        break;
      }
      commands.push(this.#command(context, commands.length > 0));
      const after = this.#peekSolid();
      if (after.kind !== 'pipe') continue;
      this.#at++;
      const beyond = this.#peekSolid();
      if (beyond.kind === 'close' || beyond.text === ')') this.#fail(`missing value for ${context}`);
    }
    if (!assigns) this.#variables.push(...variables);
    return { commands, variables, assigns, at };
  }

  #declaration(context: string): { readonly variables: readonly string[]; readonly assigns: boolean } {
    const start = this.#at;
    const names: string[] = [];
    while (this.#peekSolid().kind === 'variable' && names.length < 2) {
      names.push(this.#next().text);
      const after = this.#peekSolid();
      if (after.kind === 'declare' || after.kind === 'assign') {
        this.#at++;
        const assigns = after.kind === 'assign';
        for (const name of names) {
          if (assigns && !this.#variables.includes(name))
            this.#fail(`undefined variable "$${name}"`, after.at);
        }
        return { variables: names, assigns };
      }
      if (after.kind !== 'comma' || context !== 'range') break;
      this.#at++;
    }
    this.#at = start;
    return { variables: [], assigns: false };
  }

  #command(context: string, mustCall: boolean): Command {
    const at = this.#peekSolid().at;
    const operand = this.#operand(context);
    if (mustCall && operand.kind === 'constant') this.#fail('non executable command in pipeline', at);
    const args: Operand[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'close' || token.kind === 'pipe' || token.text === ')') break;
      if (token.kind !== 'space') this.#fail(`unexpected ${this.#show(token)} in operand`);
      this.#skipSpace();
      const beyond = this.#peek();
      if (beyond.kind === 'close' || beyond.kind === 'pipe' || beyond.text === ')') break;
      args.push(this.#operand(context));
    }
    return { operand, args, at };
  }

  #operand(context: string): Operand {
    const first = this.#term(context);
    const names: string[] = [];
    while (this.#peek().kind === 'field') names.push(this.#next().text);
    if (names.length === 0) return first;
    if (first.kind === 'constant') this.#fail('unexpected . after a constant');
    if (first.kind === 'fields') return { ...first, names: [...first.names, ...names] };
    return { kind: 'fields', of: first, names, at: first.at };
  }

  #term(context: string): Operand {
    const token = this.#next();
    const { at, text } = token;
    switch (token.kind) {
      case 'string':
        return { kind: 'constant', value: unquote(text) ?? this.#fail(`unknown escape in ${text}`, at), at };
      case 'char':
        return {
          kind: 'constant',
          value: readChar(text) ?? this.#fail(`malformed character constant: ${text}`, at),
          at,
        };
      case 'number':
        return { kind: 'constant', value: this.#number(token), at };
      case 'dot':
        return { kind: 'dot', at };
      case 'field':
        return { kind: 'fields', of: { kind: 'dot', at }, names: [text], at };
      case 'variable':
        if (!this.#variables.includes(text)) this.#fail(`undefined variable "$${text}"`, at);
        return { kind: 'variable', name: text, at };
      case 'identifier':
        return this.#identifier(token);
      case 'paren':
        if (text === ')') this.#fail('unexpected right paren', at);
        if (++this.#depth > MAX_DEPTH) this.#fail('too deeply nested', at);
        try {
          return { kind: 'pipeline', pipeline: this.#pipeline('parenthesized pipeline', ')'), at };
        } finally {
          this.#depth--;
        }
      default:
        return this.#fail(`unexpected ${this.#show(token)} in ${context}`, at);
    }
  }

  #identifier({ text, at }: Token): Operand {
    if (text === 'true' || text === 'false') return { kind: 'constant', value: text === 'true', at };
    if (text === 'nil') return { kind: 'constant', value: null, at };
    if (!this.#functions.has(text)) this.#fail(`function ${JSON.stringify(text)} not defined`, at);
    return { kind: 'function', name: text, at };
  }

  #number({ text, at }: Token): GoValue {
    const next = this.#peek().kind;
    const follows = next === 'identifier' || next === 'field' || next === 'dot';
    const value = follows ? undefined : readNumber(text);
    return value ?? this.#fail(`bad number syntax: ${text}`, at);
  }
}

/** Parses a template of a label or annotation. Throws a `TemplateError`. `functions` are the names that may be called. */
export function parseTemplate(text: string, functions: ReadonlySet<string>): ParsedTemplate {
  return new Parser(text, functions).parse();
}
