import type { SourceState } from './source-handle.ts';

/** One library that a source found, as `monitoring_source_info` shows it. */
export interface FoundLibrary {
  readonly source: string;
  readonly library: string;
  readonly version: string;
  readonly state: SourceState;
}

/** Versions come from package.json files of the service: bounded in number and length like any text of others. */
const MAX_FOUND = 200;
const MAX_LENGTH = 64;

const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);

/** What the sources of this process found, each library once per version, in its last state. */
export class FoundLibraries {
  readonly #found = new Map<string, FoundLibrary>();
  /** Called with each change; a thread passes it on. */
  onChange: ((found: FoundLibrary) => void) | undefined;

  add(source: string, library: string, version: string, state: SourceState): void {
    const [name, number] = [library.slice(0, MAX_LENGTH), version.slice(0, MAX_LENGTH)];
    // Whoever sees a library at work may not know its version: that counts only while nobody does.
    const same = this.all().filter((found) => found.source === source && found.library === name);
    if (number === '' && state === 'observed' && same.length > 0) return;
    if (number !== '') this.#found.delete(keyOf(source, name, ''));
    const key = keyOf(source, name, number);
    if (!this.#found.has(key) && this.#found.size >= MAX_FOUND) return;
    const found = Object.freeze({ source, library: name, version: number, state });
    this.#found.set(key, found);
    this.onChange?.(found);
  }

  /** Every library of a source in another state; a source without any is named by itself. */
  setState(source: string, state: SourceState): void {
    const own = this.all().filter((found) => found.source === source);
    for (const { library, version } of own) this.add(source, library, version, state);
    if (own.length === 0) this.add(source, source, '', state);
  }

  all(): readonly FoundLibrary[] {
    return [...this.#found.values()];
  }
}
