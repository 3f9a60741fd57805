import { connect } from 'node:net';
import { MonitoringError } from '../../errors.ts';
import { receiveFrames, sendFrame } from '../../link/frames.ts';
import type { AgentMessage, MonitorMessage } from '../../link/messages.ts';
import { placeOf } from '../../monitor/place.ts';
import type { Command, ExitCode } from '../command.ts';

/** Asks the monitor that answers at a socket; whether the new rules are in force. */
function reload(socketPath: string, serviceName: string): Promise<boolean> {
  return new Promise((done, fail) => {
    const socket = connect(socketPath, () => sendFrame(socket, { kind: 'reload' } satisfies AgentMessage));
    const nobody = (got: string): void => {
      const help = 'run this in the folder and with the environment of the running service';
      fail(new MonitoringError('MON_REMOTE', { where: `the monitor of ${serviceName}`, got, help }));
    };
    receiveFrames(socket, (message) => {
      const answer = message as MonitorMessage;
      if (answer.kind !== 'reloaded') return;
      done(answer.ok);
      socket.destroy();
    });
    socket.on('error', (error) => nobody(error.message));
    socket.on('close', () => nobody('it ended'));
  });
}

export const command: Command = {
  args: '',
  about: [
    'Has the running monitor load its rule files anew. It also does so by itself when they change.',
    'With a fault in any of them the rules from before stay in force; the log of the monitor says what is wrong.',
  ],
  options: {},
  async run(_values, _args, io): Promise<ExitCode> {
    const { meetingPoint, serviceName } = placeOf(io.env, io.cwd);
    const ok = meetingPoint !== undefined && (await reload(meetingPoint.socketPath, serviceName));
    if (ok) io.out('reloaded\n');
    else io.err('not reloaded: the log of the monitor says why; `rules check` shows it as well\n');
    return ok ? 0 : 1;
  },
};
