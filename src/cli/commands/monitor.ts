import { startStandalone } from '../../monitor/standalone.ts';
import type { Command, ExitCode } from '../command.ts';

/** Resolves on the first SIGTERM or SIGINT, and keeps the process alive until then. */
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

const options = {
  json: { type: 'boolean', description: 'print one JSON object at the end' },
} as const;

export const command: Command<typeof options> = {
  args: '',
  about: [
    'Runs the monitor as a separate process. Run it in the folder and with the environment of the service.',
    'It serves /metrics, sends logs, evaluates rules and sends mails even while the service is down, and reports when the',
    'service ends. A monitor thread in the service steps down; when this process ends, the service takes over again.',
  ],
  options,
  async run({ json }, _args, io): Promise<ExitCode> {
    const monitor = await startStandalone(io.env, io.cwd, (line) => io.err(`${line}\n`));
    await untilAskedToEnd();
    await monitor.stop();
    if (json) io.out(`${JSON.stringify({ ok: true })}\n`);
    return 0;
  },
};
