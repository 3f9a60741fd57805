import { expandTemplate, type TemplateData } from './expand.ts';
import { functionNames } from './functions.ts';
import type { TemplateContext } from './template-function.ts';
import { parseTemplate } from './parser.ts';
import { TemplateError } from './template-error.ts';

export { TemplateError, type TemplateContext, type TemplateData };

/** A label or annotation of a rule, ready to be expanded for each alert. */
export interface Template {
  readonly text: string;
  /** Never throws: a failure becomes `<error expanding template: …>`, as in Prometheus, and the alert fires all the same. */
  expand(data: TemplateData, context: TemplateContext): string;
}

/** Parses the text of a label or annotation. Throws a `TemplateError` with line and column. */
export function compileTemplate(text: string): Template {
  if (!text.includes('{{')) return { text, expand: () => text };
  const parsed = parseTemplate(text, functionNames);
  return {
    text,
    expand(data, context) {
      try {
        return expandTemplate(text, parsed, data, context);
      } catch (error) {
        const position = error instanceof TemplateError ? `${error.line}:${error.column}: ` : '';
        return `<error expanding template: ${position}${(error as Error).message}>`;
      }
    },
  };
}
