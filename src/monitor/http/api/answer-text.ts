import { ApiError } from './reply.ts';

/**
 * Characters that one answer may have. An answer becomes one string, and a single allocation of more than some 32 MB can
 * end the process in spite of the limits of a worker thread.
 */
export const MAX_ANSWER_CHARS = 16_000_000;

export function tooManySamples(): ApiError {
  return new ApiError(
    'execution',
    'query processing would load too many samples into memory in query execution',
  );
}

/** The entries of a list in an answer, bounded in all. */
export class AnswerText {
  readonly #parts: string[] = [];
  #chars = 0;

  /** Throws an `ApiError` when the answer becomes too long. */
  add(part: string): void {
    if (!this.fits(part)) throw tooManySamples();
    this.#chars += part.length + 1;
    this.#parts.push(part);
  }

  /** True when there is room for one more. */
  fits(part: string): boolean {
    return this.#chars + part.length < MAX_ANSWER_CHARS;
  }

  join(): string {
    return this.#parts.join(',');
  }
}
