import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { DEFAULT_RULES, defaultGroups } from '../../alerts/default-rules/index.ts';
import { loadRules } from '../../alerts/rules/files/load-rules.ts';
import type { RuleGroup } from '../../alerts/rules/rule.ts';
import { MonitoringError, problem, type Problem } from '../../errors.ts';
import type { Command, ExitCode, Io } from '../command.ts';
import { ruleFilesIn, shortPath } from '../environment.ts';
import { findingOf } from '../lint/finding.ts';
import { counted, paint } from '../terminal/paint.ts';
import { glob } from '../rule-tests/glob.ts';
import { readTestFile } from '../rule-tests/read-test-file.ts';
import { type Failure, runTest } from '../rule-tests/run-test.ts';
import type { RuleTestFile } from '../rule-tests/test-file.ts';

const options = {
  run: {
    type: 'string',
    value: '<pattern>',
    description: 'only run tests whose name matches this regular expression',
  },
  json: { type: 'boolean', description: 'print one JSON object instead of text' },
} as const;

interface FileResult {
  readonly path: string;
  /** Expectations that were looked at. */
  readonly checks: number;
  readonly failures: readonly Failure[];
}

/** The groups of all rule files of a test file; `(default rules)` names those of the package. */
function loadGroups(
  file: RuleTestFile,
  io: Io,
): { readonly groups: readonly RuleGroup[]; readonly problems: readonly Problem[] } {
  const groups: RuleGroup[] = [];
  const problems: Problem[] = [];
  for (const { pattern, where } of file.ruleFiles) {
    if (pattern === DEFAULT_RULES) {
      groups.push(...defaultGroups());
      continue;
    }
    const path = isAbsolute(pattern) ? pattern : join(dirname(file.path), pattern);
    const found = glob(resolve(io.cwd, path)).map((full) => shortPath(io.cwd, full));
    if (found.length === 0) {
      problems.push(
        problem('MON_RULE', { where, expected: 'a rule file', got: `${pattern}, which matches no file` }),
      );
      continue;
    }
    const loaded = loadRules(found, ruleFilesIn(io.cwd));
    groups.push(...loaded.groups);
    problems.push(...loaded.problems);
  }
  return { groups, problems };
}

function failureOf(found: Problem): Failure {
  const { where, message } = findingOf(found);
  return { where, title: message, lines: [] };
}

function testFile(path: string, only: RegExp | undefined, io: Io): FileResult {
  let text: string;
  try {
    text = readFileSync(resolve(io.cwd, path), 'utf8');
  } catch (error) {
    throw new MonitoringError('MON_COMMAND_FILE', { where: path, got: (error as Error).message });
  }
  const { file, problems } = readTestFile(path, text);
  if (file === undefined) return { path, checks: 0, failures: problems.map(failureOf) };
  const loaded = loadGroups(file, io);
  if (loaded.problems.length > 0) return { path, checks: 0, failures: loaded.problems.map(failureOf) };
  const tests = file.tests.filter(({ name }) => only === undefined || only.test(name ?? ''));
  return {
    path,
    checks: tests.reduce((sum, { alertTests, exprTests }) => sum + alertTests.length + exprTests.length, 0),
    failures: tests.flatMap((test) => runTest(file, test, loaded.groups)),
  };
}

function showFailure({ where, title, lines }: Failure, io: Io): string {
  const shown = lines.map((line) => {
    const style = line.startsWith('- ') ? 'red' : line.startsWith('+ ') ? 'green' : undefined;
    return `    ${style === undefined ? line : paint(io, style, line)}\n`;
  });
  return `${where}: ${title}\n${shown.join('')}`;
}

function patternOf(text: string | undefined): RegExp | undefined {
  try {
    return text === undefined ? undefined : new RegExp(text, 'u');
  } catch (error) {
    const help = 'geometra-monitoring rules test --help';
    throw new MonitoringError('MON_COMMAND', { got: `--run: ${(error as Error).message}`, help });
  }
}

export const command: Command<typeof options> = {
  args: '<files…>',
  about: [
    'Runs test files in the format of `promtool test rules`: input series, and the alerts and samples expected at given times.',
    'Rules are evaluated by the code of the monitor. In the output "-" marks what was expected, "+" what was found.',
    `In rule_files, "${DEFAULT_RULES}" includes the default rules.`,
  ],
  options,

  run({ run, json }, files, io): ExitCode {
    if (files.length === 0) {
      const help = 'geometra-monitoring rules test --help';
      throw new MonitoringError('MON_COMMAND', { got: 'no test files given', help });
    }
    const only = patternOf(run);
    const results = files.map((path) => testFile(path, only, io));
    if (run !== undefined && results.every(({ checks, failures }) => checks + failures.length === 0)) {
      const help = 'geometra-monitoring rules test --help';
      throw new MonitoringError('MON_COMMAND', { got: `no test matches --run "${run}"`, help });
    }
    const failed = results.reduce((sum, { failures }) => sum + failures.length, 0);
    const ok = failed === 0;
    if (json) {
      io.out(`${JSON.stringify({ files: results, ok })}\n`);
      return ok ? 0 : 1;
    }
    for (const { path, checks, failures } of results) {
      const passed = failures.length === 0;
      const verdict = passed ? paint(io, 'green', 'ok') : paint(io, 'red', `${failures.length} failed`);
      io.out(failures.map((failure) => showFailure(failure, io)).join(''));
      io.out(`${path}: ${counted(checks, 'check')}: ${verdict}\n`);
    }
    return ok ? 0 : 1;
  },
};
