/** Something observed. Made by a function of its own file, listed in `sources/index.ts`. */
export interface Source {
  /** Observes nothing more; what was recorded stays. */
  stop(): void;
}
