import { stripTypeScriptTypes } from 'node:module';
import { tokenizer } from 'acorn';

/** A piece of text in a source file and its line. */
export interface Literal {
  readonly line: number;
  readonly text: string;
}

/** The string literals and the text parts of template literals in a TypeScript file, comments and code left out. */
export function stringLiterals(source: string): readonly Literal[] {
  const code = stripTypeScriptTypes(source);
  const tokens = tokenizer(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  return Array.from(tokens)
    .filter(({ type }) => type.label === 'string' || type.label === 'template')
    .map(({ start, end, loc }) => ({ line: loc?.start.line ?? 0, text: code.slice(start, end) }));
}
