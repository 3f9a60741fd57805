import { connect } from 'node:net';
import { MonitoringError } from '../../errors.ts';
import { receiveFrames, sendFrame } from '../../link/frames.ts';
import type { AgentMessage, MonitorMessage } from '../../link/messages.ts';
import { locateService } from '../../monitor/election/locate-service.ts';
import { readMonitorMessage } from '../../link/read-message.ts';
import type { Io } from '../command.ts';

/** Loading many rule files may take a while. */
const DEADLINE_MS = 30_000;

/**
 * Asks the running monitor of this folder and environment over its socket; resolves with the first answer that
 * `answerOf` takes. Throws a `MonitoringError` (MON_REMOTE) when nobody answers.
 */
export function askMonitor<T>(
  { env, cwd }: Pick<Io, 'env' | 'cwd'>,
  question: AgentMessage,
  answerOf: (message: MonitorMessage) => T | undefined,
): Promise<T> {
  const { meetingPoint, serviceName, settings } = locateService(env, cwd);
  const nobody = (got: string): MonitoringError => {
    const help = 'run this in the folder and with the environment of the running service';
    return new MonitoringError('MON_REMOTE', { where: `the monitor of ${serviceName}`, got, help });
  };
  const unshared = settings.shareMonitor ? '' : ' (MONITORING_SHARE_MONITOR is false)';
  return new Promise((done, fail) => {
    if (meetingPoint === undefined) {
      fail(nobody('no private folder for the socket'));
      return;
    }
    const socket = connect(meetingPoint.socketPath, () => sendFrame(socket, question));
    const deadline = setTimeout(() => socket.destroy(nobody('no response in time')), DEADLINE_MS);
    receiveFrames(
      socket,
      (message) => {
        const answer = answerOf(readMonitorMessage(message));
        if (answer === undefined) return;
        done(answer);
        socket.destroy();
      },
      ({ message }) => fail(nobody(`its answer is not of this version of the package: ${message}`)),
    );
    socket.on('error', (error) =>
      fail(error instanceof MonitoringError ? error : nobody(`${error.message}${unshared}`)),
    );
    socket.on('close', () => {
      clearTimeout(deadline);
      fail(nobody('the connection was closed'));
    });
  });
}
