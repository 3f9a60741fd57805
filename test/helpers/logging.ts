import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { readSettings } from '../../src/config/read-settings.ts';
import { createLogging, type Logging, type LoggingOptions } from '../../src/logging/logging.ts';
import type { OwnLog } from '../../src/own-log/own-log.ts';
import { createFakeLog } from './fake-log.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A folder that is gone after the tests: what a test leaves open may write once more. */
export function tempDir(_test?: TestContext): string {
  return temporaryFolder('logging');
}

/** An own log that keeps what is said, as `LEVEL text`. */
export function recordingOwnLog(): OwnLog & { readonly said: readonly string[] } {
  const log = createFakeLog();
  return { ...log, said: log.lines };
}

export interface TestLogging {
  readonly logging: Logging;
  readonly dir: string;
  readonly ownLog: OwnLog & { readonly said: readonly string[] };
}

/** A logging on a folder of its own, closed after the test. */
export function testLogging(
  t: TestContext,
  env: Record<string, string> = {},
  options: Partial<LoggingOptions> = {},
): TestLogging {
  const dir = env['MONITORING_LOG_DIR'] ?? join(tempDir(), 'logs');
  const { settings } = readSettings({ MONITORING_LOG_DIR: dir, ...env }, () => '');
  const ownLog = recordingOwnLog();
  const logging = createLogging({
    settings,
    resource: { 'service.name': 'shop' },
    version: '1.0.0',
    processId: 'test-process',
    ownLog,
    spool: false,
    ...options,
  });
  t.after(() => logging.close());
  return { logging, dir, ownLog };
}

/** Names of the entries of a folder, sorted; none when there is no folder. */
export function filesIn(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch {
    return [];
  }
}

/** The lines of all daily files of one logger. */
export function linesOf(dir: string, application: string): string[] {
  return filesIn(dir)
    .filter((name) => name.startsWith(`${application}_`))
    .flatMap((name) => readFileSync(join(dir, name), 'utf8').split('\n').slice(0, -1));
}

/** The messages of these lines in the text format, without the one extra that may be behind each. */
export function bodiesOf(dir: string, application: string): string[] {
  return linesOf(dir, application).map((line) => (line.split(' - ')[3] ?? '').replace(/ \w+=\S+$/, ''));
}

/** Local time, Unix ms. */
export const localMs = (...parts: [number, number, number, number?, number?, number?, number?]): number =>
  new Date(parts[0], parts[1] - 1, ...(parts.slice(2) as [number])).getTime();
