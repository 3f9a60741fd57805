import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { defaultGroupsFor } from '../alerts/default-rules/index.ts';
import type { RuleGroup } from '../alerts/rules/rule.ts';
import { type LoadedRules, loadRules } from '../alerts/rules/files/load-rules.ts';
import type { RuleFiles } from '../alerts/rules/files/rule-paths.ts';
import { readSettings, type SettingsReading } from '../config/read-settings.ts';
import type { Problem } from '../errors.ts';
import type { ExitCode, Io } from './command.ts';

/** The settings of the environment of the command. */
export function settingsOf(io: Io): SettingsReading {
  return readSettings(io.env, (path) => readFileSync(path, 'utf8'));
}

/** Paths are relative to the current folder; messages show them as given. */
export function ruleFilesIn(cwd: string): RuleFiles {
  return {
    readFile: (path) => readFileSync(resolve(cwd, path)),
    listFolder: (path) => {
      const folder = resolve(cwd, path);
      return statSync(folder).isDirectory() ? readdirSync(folder).map((name) => join(path, name)) : undefined;
    },
  };
}

/** The path relative to the current folder, if that is shorter. */
export function shortPath(cwd: string, path: string): string {
  if (!isAbsolute(path)) return path;
  const short = relative(cwd, path);
  return short.length > 0 && short.length < path.length ? short : path;
}

/** The given rule files, or those of MONITORING_RULES. */
export function rulesFor(paths: readonly string[], io: Io): LoadedRules {
  const { settings } = settingsOf(io);
  return loadRules(paths.length > 0 ? paths : (settings.rules ?? []), ruleFilesIn(io.cwd));
}

/** The default rules that a monitor of this environment evaluates. */
export function defaultGroupsOf(io: Io): readonly RuleGroup[] {
  return defaultGroupsFor(settingsOf(io).settings).groups;
}

/** The exit code for problems in rule files: 2 if a file could not be read, 1 if its content is invalid. */
export function exitCodeOf(problems: readonly Problem[]): ExitCode {
  if (problems.some(({ code }) => code === 'MON_RULE_FILE')) return 2;
  return problems.length > 0 ? 1 : 0;
}
