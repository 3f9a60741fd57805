import { type Problem, problem } from '../../../errors.ts';
import { readRuleFile, type RuleFileReading } from './read-rule-file.ts';
import type { RuleGroup } from '../rule.ts';

/** The part of a file system that loading needs; both throw as `node:fs` does. */
export interface RuleFiles {
  /** The text of a file. */
  readFile(path: string): string;
  /** The paths of what a folder holds; undefined when the path is a file. */
  listFolder(path: string): readonly string[] | undefined;
}

export interface LoadedRules extends RuleFileReading {
  /** The files that were read, in order. */
  readonly files: readonly string[];
}

const RULE_FILE = /\.(?:ya?ml|json)$/i;

function filesOf(path: string, files: RuleFiles, problems: Problem[]): readonly string[] {
  try {
    const inside = files.listFolder(path);
    return inside === undefined ? [path] : inside.filter((name) => RULE_FILE.test(name)).toSorted();
  } catch (error) {
    problems.push(problem('MON_RULE_FILE', { where: path, got: (error as Error).message }));
    return [];
  }
}

/**
 * Loads all rule files named in MONITORING_RULES; of a folder its `.yml`, `.yaml` and `.json` files are read, not for
 * those in folders below. What cannot be read is a problem, never an exception; everything else is loaded.
 */
export function loadRules(paths: readonly string[], files: RuleFiles): LoadedRules {
  const problems: Problem[] = [];
  const groups: RuleGroup[] = [];
  const read: string[] = [];
  for (const path of new Set(paths.flatMap((given) => filesOf(given, files, problems)))) {
    try {
      const reading = readRuleFile(path, files.readFile(path));
      read.push(path);
      groups.push(...reading.groups);
      problems.push(...reading.problems);
    } catch (error) {
      problems.push(problem('MON_RULE_FILE', { where: path, got: (error as Error).message }));
    }
  }
  return { groups, problems, files: read };
}
