import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedRules } from '../../alerts/rules/files/load-rules.ts';
import type { RuleGroup } from '../../alerts/rules/rule.ts';
import { formatProblem } from '../../errors.ts';
import type { OwnLog } from '../../own-log/own-log.ts';

const listFolder = (path: string): string[] | undefined =>
  statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : undefined;

const readFile = (path: string): string => readFileSync(path, 'utf8');

/** The YAML library costs 10 MB and is loaded only where there are rule files. */
async function load(paths: readonly string[]): Promise<LoadedRules> {
  if (paths.length === 0) return { groups: [], problems: [], files: [] };
  const { loadRules } = await import('../../alerts/rules/files/load-rules.ts');
  return loadRules(paths, { readFile, listFolder });
}

function contentOf(path: string): string {
  try {
    const files = listFolder(path)?.toSorted() ?? [path];
    return files.map((file) => `${file}\n${readFile(file)}`).join('\n');
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
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
   * Loads anew. A reload with a problem changes nothing: undefined, and the problems are logged. `evenUnchanged`: somebody
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
    return createHash('sha256').update(this.#paths.map(contentOf).join('\n')).digest('hex');
  }
}
