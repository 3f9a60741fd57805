import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { commands } from '../../../src/cli/commands.ts';
import type { ExitCode } from '../../../src/cli/command.ts';
import { runCli } from '../../../src/cli/run.ts';

export interface CliRun {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface CliContext {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly nowMs?: number;
  readonly color?: boolean;
}

/** One command line in this process: the real commands, what they write kept. */
export async function cli(args: readonly string[], context: CliContext = {}): Promise<CliRun> {
  const { cwd = '/', env = {}, nowMs = Date.UTC(2026, 10, 24, 6), color = false } = context;
  let [out, err] = ['', ''];
  const code = await runCli(commands, args, {
    env,
    cwd,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    now: () => nowMs,
    color,
  });
  return { code, out, err };
}

/** A folder with these files, removed after the test. */
export function folderWith(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'monitoring-cli-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
