import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_FILE_BYTES } from '../../alerts/rules/files/file-text.ts';
import { ruleFilesAt } from '../../alerts/rules/files/rule-paths.ts';
import type { LoadedRules } from '../../alerts/rules/files/load-rules.ts';
import type { RuleGroup } from '../../alerts/rules/rule.ts';
import { formatProblem } from '../../errors.ts';
import type { OwnLog } from '../../own-log/own-log.ts';

const listFolder = (path: string): string[] | undefined =>
  statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : undefined;

/** Reads a file that is one, and of moderate size: a pipe would never end, a device never be empty. */
function readFile(path: string): Uint8Array {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Error('not a regular file');
    if (stats.size > MAX_FILE_BYTES) throw new Error(`more than ${MAX_FILE_BYTES} bytes`);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The YAML library costs 10 MB and is loaded only where there are rule files. */
async function load(paths: readonly string[]): Promise<LoadedRules> {
  if (paths.length === 0) return { groups: [], problems: [], files: [] };
  const { loadRules } = await import('../../alerts/rules/files/load-rules.ts');
  return loadRules(paths, { readFile, listFolder });
}

/** One text for what is there: the content of each file, or why it cannot be read. Other files of a folder do not count. */
function addTo(hash: Hash, path: string): void {
  const attempt = (name: string, run: () => string | Uint8Array): void => {
    try {
      hash.update(`\n${name}\n`).update(run());
    } catch (error) {
      hash.update(`\n${name}\n${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`);
    }
  };
  let files: readonly string[] = [path];
  attempt(path, () => {
    files = ruleFilesAt(path, { listFolder });
    return '';
  });
  for (const file of files) attempt(file, () => readFile(file));
}

/** The rule files of the settings: loaded at the start, and again when they change. */
export class RuleFiles {
  readonly #paths: readonly string[];
  readonly #ownLog: OwnLog;
  #seen: string;
  #timer: NodeJS.Timeout | undefined;

  /** `paths` are absolute; files, or folders of them. */
  constructor(paths: readonly string[], ownLog: OwnLog) {
    this.#paths = paths;
    this.#ownLog = ownLog;
    this.#seen = this.#contentHash();
  }

  /** What can be loaded; problems are logged, and everything else works. */
  async first(): Promise<readonly RuleGroup[]> {
    const { groups, problems } = await load(this.#paths);
    this.#ownLog.problems(problems);
    return groups;
  }

  /**
   * Reloads. A reload with a problem changes nothing: undefined, and the problems are logged. `evenUnchanged`: somebody
   * asked for it.
   */
  async again(evenUnchanged: boolean): Promise<readonly RuleGroup[] | undefined> {
    const hash = this.#contentHash();
    if (hash === this.#seen && !evenUnchanged) return undefined;
    this.#seen = hash;
    const { groups, problems } = await load(this.#paths);
    if (problems.length > 0) {
      for (const found of problems) this.#ownLog.warning(formatProblem(found));
      this.#ownLog.warning('rule files: reload failed; keeping the previous rules');
      return undefined;
    }
    const rules = groups.reduce((sum, group) => sum + group.rules.length, 0);
    this.#ownLog.info(`rule files reloaded: ${rules} rules in ${groups.length} groups`);
    return groups;
  }

  /** Looks at the files at each interval, and hands over what a change brought. Keeps no process alive. */
  watch(intervalMs: number, onGroups: (groups: readonly RuleGroup[]) => void): void {
    if (this.#paths.length === 0) return;
    this.#timer = setInterval(() => {
      void this.again(false).then((groups) => groups && onGroups(groups));
    }, intervalMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** By content: a rule file that comes by a mount or a deploy may keep its times. */
  #contentHash(): string {
    const hash = createHash('sha256');
    for (const path of this.#paths) addTo(hash, path);
    return hash.digest('hex');
  }
}
