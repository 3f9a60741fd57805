import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Language = 'logql' | 'logsql' | 'promql';

/** A query of a page, and where it stands. */
export interface FencedQuery {
  readonly language: Language;
  readonly query: string;
  /** The heading above it. */
  readonly question: string;
  /** It looks further back than a test does: no data is to be expected. */
  readonly needsHistory: boolean;
}

const FENCE = /^```(logql|logsql|promql)( history)?\n([\s\S]*?)\n```$/gm;

/** All queries of docs/queries.md. */
export function queriesOfPage(): readonly FencedQuery[] {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'queries.md'), 'utf8');
  return [...page.matchAll(FENCE)].map(({ 1: language, 2: history, 3: query = '', index }) => ({
    language: language as Language,
    query,
    question:
      page
        .slice(0, index)
        .match(/^#+ .*$/gm)
        ?.at(-1) ?? '',
    needsHistory: history !== undefined,
  }));
}
