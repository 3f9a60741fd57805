import type { Socket } from 'node:net';
import { receiveFrames, sendFrame } from '../link/frames.ts';
import type { MeetingPoint } from '../link/meeting-point.ts';
import type { AgentMessage } from '../link/messages.ts';
import type { OwnLog } from '../logging/own-log.ts';
import type { Agents } from './agents.ts';
import { type Election, elect } from './election.ts';

/** The other processes of the service, each on a socket of its own. */
function serveFollower(agents: Agents, socket: Socket): void {
  const link = agents.link({ send: (message) => sendFrame(socket, message) });
  receiveFrames(socket, (message) => link.receive(message as AgentMessage));
  socket.on('error', () => {
    // The close that follows ends the link.
  });
  socket.on('close', () => link.closed());
  socket.unref();
}

/**
 * Becomes the leader of the service's processes, if nobody is. Without a meeting point, or when none can be had, a
 * monitor leads its own process only.
 */
export async function lead(
  point: MeetingPoint | undefined,
  agents: Agents,
  ownLog: OwnLog,
): Promise<'leader' | 'alone' | 'follower'> {
  if (!point) return 'alone';
  let election: Election;
  try {
    election = await elect(point, (socket) => serveFollower(agents, socket));
  } catch (error) {
    ownLog.problem('MON_SHARE', { where: `${point.socketPath} (${(error as Error).message})` });
    return 'alone';
  }
  return election.kind;
}
