import { connect, type Socket } from 'node:net';
import { receiveFrames, sendFrame } from '../../link/frames.ts';
import type { MeetingPoint } from '../../link/meeting-point.ts';
import type { AgentMessage } from '../../link/messages.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import type { Agents } from '../agents/agents.ts';
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

const YIELD_DEADLINE_MS = 5000;
const YIELD_RETRY_MS = 20;

/** Asks who leads to make way, and tries until it has; undefined when it does not. */
async function insist(
  point: MeetingPoint,
  onSocket: (socket: Socket) => void,
): Promise<Election | undefined> {
  const asking = connect(point.socketPath, () => sendFrame(asking, { kind: 'yield' } satisfies AgentMessage));
  asking.on('error', () => {
    // Nobody leads any more: the next try wins.
  });
  try {
    for (const endMs = performance.now() + YIELD_DEADLINE_MS; performance.now() < endMs;) {
      const election = await elect(point, onSocket);
      if (election.kind === 'leader') return election;
      await new Promise((wake) => setTimeout(wake, YIELD_RETRY_MS));
    }
    return undefined;
  } finally {
    asking.destroy();
  }
}

/** What came of it; `release` gives the place up. */
export type Role =
  | { readonly kind: 'leader'; readonly tookOver: boolean; readonly release: () => void }
  | { readonly kind: 'alone' }
  | { readonly kind: 'follower' };

/**
 * Becomes the leader of the service's processes, if nobody is; with `insists` also if a monitor in a thread of the
 * service is. Without a meeting point, or when none can be had, a monitor leads its own process only.
 */
export async function lead(
  point: MeetingPoint | undefined,
  agents: Agents,
  ownLog: OwnLog,
  insists: boolean,
): Promise<Role> {
  if (!point) return { kind: 'alone' };
  const onSocket = (socket: Socket): void => serveFollower(agents, socket);
  try {
    const election = await elect(point, onSocket);
    if (election.kind === 'leader') return { ...election, tookOver: false };
    const insisted = insists ? await insist(point, onSocket) : undefined;
    return insisted?.kind === 'leader' ? { ...insisted, tookOver: true } : { kind: 'follower' };
  } catch (error) {
    ownLog.problem('MON_SHARE', { where: `${point.socketPath} (${(error as Error).message})` });
    return { kind: 'alone' };
  }
}
