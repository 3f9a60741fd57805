import type { Random } from './random.ts';
import type { Target } from './target.ts';

/** One hostile act; it returns what was wrong with the reaction, undefined when all was right. */
export interface Attempt {
  /** What is done, for the report. */
  readonly name: string;
  /** How many hostile inputs it holds; one unless set. */
  readonly inputs?: number;
  readonly run: (target: Target) => Promise<string | undefined>;
}

/** All acts of one kind. */
export interface Attack {
  readonly name: string;
  /** Those of the findings and their kin, each run once. */
  readonly known: readonly Attempt[];
  /** One of any number. */
  readonly generate: (random: Random) => Attempt;
  /** Its part of the generated inputs. */
  readonly weight: number;
  /** How many run side by side. */
  readonly parallel: number;
}
