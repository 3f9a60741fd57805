import { type Problem, problem } from '../../../errors.ts';
import { RuleBudget } from './rule-budget.ts';
import { readRuleFile, type RuleFileReading } from './read-rule-file.ts';
import { type RuleFiles, ruleFilesAt } from './rule-paths.ts';
import type { RuleGroup } from '../rule.ts';

export interface LoadedRules extends RuleFileReading {
  /** The files that were read, in order. */
  readonly files: readonly string[];
}

function filesOf(path: string, files: RuleFiles, problems: Problem[]): readonly string[] {
  try {
    return ruleFilesAt(path, files);
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
  const budget = new RuleBudget();
  for (const path of new Set(paths.flatMap((given) => filesOf(given, files, problems)))) {
    try {
      const reading = readRuleFile(path, files.readFile(path), budget);
      read.push(path);
      groups.push(...reading.groups);
      problems.push(...reading.problems);
    } catch (error) {
      problems.push(problem('MON_RULE_FILE', { where: path, got: (error as Error).message }));
    }
  }
  return { groups, problems, files: read };
}
