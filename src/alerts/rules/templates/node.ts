import type { GoValue } from './value.ts';

interface At {
  /** Offset in the text of the template. */
  readonly at: number;
}

/** An operand: what has a value. */
export type Operand =
  | (At & { readonly kind: 'constant'; readonly value: GoValue })
  | (At & { readonly kind: 'dot' })
  | (At & { readonly kind: 'variable'; readonly name: string })
  | (At & { readonly kind: 'function'; readonly name: string })
  | (At & { readonly kind: 'pipeline'; readonly pipeline: Pipeline })
  /** `.Labels.instance`, `$x.Value`, `(toTime 1).Format`: fields of what comes before. */
  | (At & { readonly kind: 'fields'; readonly of: Operand; readonly names: readonly string[] });

export interface Command extends At {
  readonly operand: Operand;
  readonly args: readonly Operand[];
}

/** Commands whose results are handed on as the last argument of the next, and the variables that take the result. */
export interface Pipeline extends At {
  readonly commands: readonly Command[];
  readonly variables: readonly string[];
  /** `=` sets variables that exist, `:=` makes new ones. */
  readonly assigns: boolean;
}

export type TemplateNode =
  | (At & { readonly kind: 'text'; readonly text: string })
  | (At & { readonly kind: 'print'; readonly pipeline: Pipeline })
  | (At & {
      readonly kind: 'if' | 'with' | 'range';
      readonly pipeline: Pipeline;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    })
  | (At & { readonly kind: 'template'; readonly name: string; readonly pipeline: Pipeline | undefined })
  | (At & { readonly kind: 'break' | 'continue' });

export interface ParsedTemplate {
  readonly main: readonly TemplateNode[];
  /** Bodies of `{{ define }}` and `{{ block }}`. */
  readonly defined: ReadonlyMap<string, readonly TemplateNode[]>;
}
