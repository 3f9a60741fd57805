import { selectorsOf } from '../../../promql/index.ts';
import type { Rule } from '../rule.ts';

/** Rules of all files together, those that aliases repeat included. */
const MAX_RULES = 5000;
/** Characters of all expressions, labels and annotations, aliases expanded. */
const MAX_CHARS = 8_000_000;
/** Instructions of all regular expressions: about two seconds of compilation. */
const MAX_PATTERNS = 200_000;

/** What all rule files may cost together. Asked before a rule is compiled; a rule that no longer fits is left out. */
export class RuleBudget {
  #rules = 0;
  #chars = 0;
  #patterns = 0;
  #reported = false;

  /** Why no rule of so many characters may follow; undefined when it may. */
  refusal(chars: number): string | undefined {
    if (this.#rules >= MAX_RULES) return `more than ${MAX_RULES} rules`;
    if (this.#chars + chars > MAX_CHARS) return `rules of more than ${MAX_CHARS} characters`;
    return this.#patterns > MAX_PATTERNS ? 'regular expressions that are too large together' : undefined;
  }

  /** Counts a rule that was compiled, or the attempt. */
  add(chars: number, rule: Rule | undefined): void {
    this.#rules++;
    this.#chars += chars;
    if (rule === undefined) return;
    for (const { matchers } of selectorsOf(rule.expr)) {
      for (const matcher of matchers) this.#patterns += matcher.size;
    }
  }

  /** True once: a refusal is reported at the first rule that it concerns, not at each. */
  get isFirstRefusal(): boolean {
    const isFirst = !this.#reported;
    this.#reported = true;
    return isFirst;
  }
}
