import { askMonitor } from '../remote/monitor-socket.ts';
import type { Command, ExitCode } from '../command.ts';

export const command: Command = {
  args: '',
  about: [
    'Has the running monitor load its rule files anew. It also does so by itself when they change.',
    'With a fault in any of them the rules from before stay in force; the log of the monitor says what is wrong.',
  ],
  options: {},
  async run(_values, _args, io): Promise<ExitCode> {
    const ok = await askMonitor(io, { kind: 'reload' }, (answer) =>
      answer.kind === 'reloaded' ? answer.ok : undefined,
    );
    if (ok) io.out('reloaded\n');
    else io.err('not reloaded: the log of the monitor says why; `rules check` shows it as well\n');
    return ok ? 0 : 1;
  },
};
