import { connect, type Socket } from 'node:net';
import { sendFrame } from '../../link/frames.ts';
import type { MeetingPoint } from '../../link/meeting-point.ts';
import type { AgentMessage } from '../../link/messages.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import { type Election, elect } from './election.ts';

const STEP_DOWN_DEADLINE_MS = 5000;
const RETRY_MS = 20;

/** Asks the leader to step down and tries until it has; undefined when it does not. */
async function replaceLeader(
  point: MeetingPoint,
  onSocket: (socket: Socket) => void,
): Promise<Election | undefined> {
  const asking = connect(point.socketPath, () =>
    sendFrame(asking, { kind: 'step-down' } satisfies AgentMessage),
  );
  asking.on('error', () => {
    // Nobody leads any more: the next try wins.
  });
  try {
    for (const endMs = performance.now() + STEP_DOWN_DEADLINE_MS; performance.now() < endMs;) {
      const election = await elect(point, onSocket);
      if (election.kind === 'leader') return election;
      await new Promise((wake) => setTimeout(wake, RETRY_MS));
    }
    return undefined;
  } finally {
    asking.destroy();
  }
}

/** The role of this process; a leader that `release`s lets another be elected. */
export type Role =
  | { readonly kind: 'leader'; readonly replaced: boolean; readonly release: () => void }
  | { readonly kind: 'alone' }
  | { readonly kind: 'follower' };

/**
 * Makes this process the leader of the service's processes if there is none; with `replacing` also if the leader is
 * a monitor in a thread of the service. Without a usable meeting point a monitor leads its own process only.
 */
export async function runElection(
  point: MeetingPoint | undefined,
  onSocket: (socket: Socket) => void,
  ownLog: OwnLog,
  replacing: boolean,
): Promise<Role> {
  if (!point) return { kind: 'alone' };
  try {
    const onStranger = (lockPath: string): void =>
      ownLog.problem('MON_LOCK_TAKEN', { where: `@${lockPath.slice(1)}` });
    const election = await elect(point, onSocket, onStranger);
    if (election.kind === 'leader') return { ...election, replaced: false };
    const later = replacing ? await replaceLeader(point, onSocket) : undefined;
    return later?.kind === 'leader' ? { ...later, replaced: true } : { kind: 'follower' };
  } catch (error) {
    ownLog.problem('MON_SHARE', { where: `${point.socketPath} (${(error as Error).message})` });
    return { kind: 'alone' };
  }
}
