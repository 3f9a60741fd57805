import { askMonitor } from '../remote/monitor-socket.ts';
import type { Command, ExitCode } from '../command.ts';

const options = {
  json: { type: 'boolean', description: 'print one JSON object' },
} as const;

export const command: Command<typeof options> = {
  args: '',
  about: [
    'Reloads the rule files of the running monitor, which also happens automatically when they change.',
    'If any file is invalid, the monitor keeps the previous rules and logs the errors.',
  ],
  options,
  async run({ json }, _args, io): Promise<ExitCode> {
    const ok = await askMonitor(io, { kind: 'reload' }, (answer) =>
      answer.kind === 'reloaded' ? answer.ok : undefined,
    );
    if (json) io.out(`${JSON.stringify({ ok })}\n`);
    else if (ok) io.out('reloaded\n');
    else io.err('reload failed: see the monitoring log, or run `geometra-monitoring rules check`\n');
    return ok ? 0 : 1;
  },
};
