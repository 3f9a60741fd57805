import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { repository } from '../../../scripts/stack/programs.ts';
import { atEnd } from './at-end.ts';

export interface NumberedService {
  /** Ends it and resolves when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Where the services of one test put what they log, and what they note. */
export interface NumberedFolders {
  readonly logs: string;
  readonly acknowledged: string;
  readonly output: string;
}

export const numberedFolders = (folder: string): NumberedFolders => ({
  logs: join(folder, 'logs'),
  acknowledged: join(folder, 'acknowledged'),
  output: join(folder, 'service.out'),
});

/** The numbers whose log calls have returned. */
export function acknowledgedNumbers({ acknowledged }: NumberedFolders): readonly number[] {
  if (!existsSync(acknowledged)) return [];
  return readFileSync(acknowledged, 'utf8').trimEnd().split('\n').map(Number);
}

/** Starts the preloaded service that logs the records `first` to `last`; see fixtures/numbered.cjs. */
export function startNumberedService(
  context: TestContext,
  folders: NumberedFolders,
  range: { readonly first: number; readonly last: number },
  settings: Readonly<Record<string, string>>,
): NumberedService {
  const output = openSync(folders.output, 'a');
  const child = spawn(
    process.execPath,
    [
      '--require',
      join(repository, 'dist', 'register.cjs'),
      join(import.meta.dirname, '../../stack/fixtures/numbered.cjs'),
    ],
    {
      cwd: repository,
      env: {
        PATH: process.env['PATH'] ?? '',
        FIRST: String(range.first),
        LAST: String(range.last),
        ACKNOWLEDGED: folders.acknowledged,
        OTEL_SERVICE_NAME: 'numbered',
        OTEL_EXPORTER_PROMETHEUS_PORT: '0',
        OTEL_METRICS_EXPORTER: 'none',
        MONITORING_DEFAULT_RULES: 'false',
        MONITORING_LOG_DIR: folders.logs,
        ...settings,
      },
      stdio: ['ignore', output, output],
    },
  );
  closeSync(output);
  const ended = once(child, 'exit');
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  }
  atEnd(context, async () => end('SIGKILL'));
  return { end };
}
