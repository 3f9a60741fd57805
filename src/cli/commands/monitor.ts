import { startStandalone } from '../../monitor/standalone.ts';
import type { Command, ExitCode } from '../command.ts';

/** Resolves with the first SIGTERM or SIGINT, and keeps the process open until then. */
function untilAskedToEnd(): Promise<void> {
  return new Promise((done) => {
    const hold = setInterval(() => {}, 3_600_000);
    const end = (): void => {
      clearInterval(hold);
      done();
    };
    process.once('SIGTERM', end);
    process.once('SIGINT', end);
  });
}

export const command: Command = {
  args: '',
  about: [
    'Runs the monitor of a service as a process of its own, in the folder and with the environment of the service.',
    'It serves /metrics, ships logs, evaluates rules and mails also while the service is down, and reports its end.',
    'A monitor in a thread of the service steps down; when this one ends, a process of the service takes over again.',
  ],
  options: {},
  async run(_values, _args, io): Promise<ExitCode> {
    const monitor = await startStandalone(io.env, io.cwd, (line) => io.err(`${line}\n`));
    await untilAskedToEnd();
    await monitor.stop();
    return 0;
  },
};
