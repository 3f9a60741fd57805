import { formatProblem } from '../../errors.ts';
import type { OwnLog } from '../../logging/own-log.ts';
import { type LoadedRules, loadRules, type RuleFiles } from './load-rules.ts';
import type { RuleGroup } from './rule.ts';

export interface RuleReloaderOptions {
  /** What MONITORING_RULES names, as absolute paths. */
  readonly paths: readonly string[];
  readonly files: RuleFiles;
  readonly ownLog: OwnLog;
  /** Takes the groups of the files; those of the default rules are not among them. */
  readonly apply: (groups: readonly RuleGroup[]) => void;
}

/** How a reload went; with problems the old rules stay in force. */
export interface Reload {
  readonly ok: boolean;
  readonly loaded: LoadedRules;
}

const EVERY_MS = 5000;

/**
 * Loads rule files again when their content changes. Looks every five seconds instead of subscribing to the file
 * system: that also sees mounted folders whose content is exchanged as a whole, as in Kubernetes, and network drives.
 */
export class RuleReloader {
  readonly #options: RuleReloaderOptions;
  #signature: string;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RuleReloaderOptions) {
    this.#options = options;
    this.#signature = this.#look();
  }

  /** Looks every five seconds until `stop`. Keeps no process alive. */
  start(): void {
    this.#timer = setInterval(() => this.check(), EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Reloads when something changed since the last look; answers undefined when nothing did. Never throws. */
  check(): Reload | undefined {
    const signature = this.#look();
    if (signature === this.#signature) return undefined;
    this.#signature = signature;
    return this.reload();
  }

  /** Loads the files and applies their rules, unless anything in them is wrong: then all old rules stay. Never throws. */
  reload(): Reload {
    const { paths, files, ownLog, apply } = this.#options;
    const loaded = loadRules(paths, files);
    if (loaded.problems.length > 0) {
      for (const found of loaded.problems) ownLog.warning(formatProblem(found));
      ownLog.warning(
        'alert rules: not loaded again because of the above; the rules loaded before stay in force',
      );
      return { ok: false, loaded };
    }
    apply(loaded.groups);
    const count = loaded.groups.flatMap(({ rules }) => rules).length;
    ownLog.info(`alert rules: loaded again, ${count} rule(s) in ${loaded.files.length} file(s)`);
    return { ok: true, loaded };
  }

  /** The content of all files. Rule files are small, and times of change are coarse on some drives. */
  #look(): string {
    const { paths, files } = this.#options;
    return JSON.stringify(
      paths.map((path) => {
        try {
          const inside = files.listFolder(path)?.toSorted() ?? [path];
          return inside.map((file) => [file, this.#read(file)]);
        } catch (error) {
          return (error as Error).message;
        }
      }),
    );
  }

  #read(path: string): string {
    try {
      return this.#options.files.readFile(path);
    } catch (error) {
      return (error as Error).message;
    }
  }
}
