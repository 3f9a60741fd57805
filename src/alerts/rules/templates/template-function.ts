import type { GoValue, TemplateSample } from './value.ts';

/** What the functions need of the world. */
export interface TemplateContext {
  /** Evaluates a PromQL expression at the time of the rule; throws on a bad one. */
  readonly query: (expr: string) => readonly TemplateSample[];
  readonly nowMs: number;
  /** Throws when the templates of this evaluation have taken too long. */
  readonly checkTime?: () => void;
  /** Address under which the monitor is reached, '' when there is none. */
  readonly externalUrl: string;
}

/** A function of the template language with the least and most arguments that it takes. */
export interface TemplateFunction {
  readonly least: number;
  readonly most: number;
  readonly call: (args: readonly GoValue[], context: TemplateContext) => GoValue;
}
