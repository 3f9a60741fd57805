import { askMonitor } from '../remote/monitor-socket.ts';
import type { Command, ExitCode } from '../command.ts';

export const command: Command = {
  args: '',
  about: [
    'Reloads the rule files of the running monitor, which also happens automatically when they change.',
    'If any file is invalid, the monitor keeps the previous rules and logs the errors.',
  ],
  options: {},
  async run(_values, _args, io): Promise<ExitCode> {
    const ok = await askMonitor(io, { kind: 'reload' }, (answer) =>
      answer.kind === 'reloaded' ? answer.ok : undefined,
    );
    if (ok) io.out('reloaded\n');
    else io.err('reload failed: see the monitoring log, or run `geometra-monitoring rules check`\n');
    return ok ? 0 : 1;
  },
};
