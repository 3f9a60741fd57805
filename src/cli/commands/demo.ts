import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { constants } from 'node:os';
import { MonitoringError } from '../../errors.ts';
import type { Command, ExitCode } from '../command.ts';

const PACKAGE = '@geometra/monitoring';

const options = {
  for: {
    type: 'string',
    value: '<time>',
    description: 'stop after this time, such as 40s; default: on Ctrl-C',
  },
  json: { type: 'boolean', description: 'print one JSON object at the end' },
} as const;

/** The package folder of this file, bundled or not. */
function packageFolder(): string {
  for (
    let folder = import.meta.dirname, last = '';
    folder !== last;
    last = folder, folder = dirname(folder)
  ) {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    if ((JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === PACKAGE) return folder;
  }
  return import.meta.dirname;
}

export const command: Command<typeof options> = {
  args: '',
  about: [
    'Runs a web shop, its visitors, a mail server and a log collector on the loopback interface. Only in the repository.',
  ],
  options,

  run({ for: time, json }): Promise<ExitCode> {
    const program = join(packageFolder(), 'demo', 'main.ts');
    if (!existsSync(program)) {
      const got =
        'the demo is part of the repository, not of the npm package; clone it and run `npm ci && npm run demo`';
      throw new MonitoringError('MON_COMMAND', { got, help: 'geometra-monitoring demo --help' });
    }
    const args = [...(time === undefined ? [] : ['--for', time]), ...(json ? ['--json'] : [])];
    const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' });
    // Ctrl-C reaches the process group: the demo shuts down, and this process follows.
    const wait = (): void => {};
    process.on('SIGINT', wait);
    return new Promise((settle, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        process.off('SIGINT', wait);
        const left = signal === null ? (code ?? 0) : 128 + constants.signals[signal];
        settle(left === 0 || left === 128 + constants.signals.SIGINT ? 0 : 1);
      });
    });
  },
};
