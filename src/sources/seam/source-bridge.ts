import { FoundLibraries } from './found-libraries.ts';
import { packageOf } from './library-version.ts';
import { installModuleHooks, type OnModule, reachLoadedModules } from './module-hooks.ts';
import { RunningSource, type SourceCounts, type SourceHost } from './running-source.ts';
import type { SourceRow } from './source.ts';
import type { Wake } from './source-handle.ts';

type OnLoad = (url: string, exports: unknown) => void;

/**
 * The sources of a process, from its preload to the end of its agent. The preload makes it and so listens and patches
 * from the first module on; the agent starts it and gets what was seen before.
 */
export class SourceBridge {
  readonly found = new FoundLibraries();
  readonly #rows: readonly SourceRow[];
  readonly #sources: readonly RunningSource[];

  /**
   * `wake` is called for each event that is kept, with how it starts the agent if it does; whoever is started by it
   * calls `start`. `early`: the rows that listen before that.
   */
  constructor(
    rows: readonly SourceRow[],
    wake: (how: Wake | undefined) => void,
    early: (row: SourceRow) => boolean = () => true,
  ) {
    this.#rows = rows;
    this.#sources = rows.map((row) => new RunningSource(row, this.found, wake, early(row)));
  }

  /** Patches what the service loads from now on, and what it has loaded: of that, it returns the libraries. */
  installHooks(): readonly string[] {
    for (const source of this.#sources) source.install();
    const byFile = new Map<string, OnLoad[]>();
    for (const [at, { hooks = [] }] of this.#rows.entries()) {
      for (const hook of hooks) {
        const others = byFile.get(hook.file) ?? [];
        byFile.set(hook.file, [...others, (url, exports) => this.#sources[at]?.onModule(hook, url, exports)]);
      }
    }
    const files = [...byFile.keys()];
    const onModule: OnModule = (file, url, exports) => {
      for (const onLoad of byFile.get(file) ?? []) onLoad(url, exports);
    };
    installModuleHooks(files, onModule);
    const loaded = reachLoadedModules(files, onModule);
    const isPatched = (file: string): boolean =>
      this.#rows.some(({ hooks = [] }) =>
        hooks.some((hook) => hook.file === file && hook.patch !== undefined),
      );
    return [...new Set(loaded.filter(isPatched).map(packageOf))];
  }

  /** A source that cannot start is left out, the others go on. */
  start(host: SourceHost): void {
    for (const source of this.#sources) source.start(host);
  }

  counts(): readonly SourceCounts[] {
    return this.#sources.map((source) => source.counts);
  }

  /** Observes nothing more, and keeps nothing. May be called twice, and before the start. */
  stop(): void {
    for (const source of this.#sources) source.stop();
  }
}
