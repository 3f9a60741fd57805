import { existsSync, rmdirSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { receiveFrames, sendFrame } from '../../link/frames.ts';
import type { MeetingPoint } from '../../link/meeting-point.ts';
import type { AgentMessage, Hello, MonitorMessage, MonitorStart } from '../../link/messages.ts';
import { readMonitorMessage } from '../../link/read-message.ts';
import type { OwnLog } from '../../own-log/own-log.ts';
import { untraced } from '../opentelemetry/untraced.ts';
import { MonitorThread } from './monitor-thread.ts';
import { type StartTurn, takeTurn } from './start-turn.ts';

/** How this process is linked to a monitor. */
type LinkState =
  | { readonly kind: 'none' }
  | { readonly kind: 'connecting' }
  /** Our own worker thread: it leads, or is about to find out. */
  | { readonly kind: 'own'; readonly thread: MonitorThread }
  /** Another process of the service leads. */
  | { readonly kind: 'follower'; readonly socket: Socket };

export interface MonitorLinkOptions {
  readonly monitorFile: string;
  readonly start: Omit<MonitorStart, 'takeover'>;
  readonly hello: Hello;
  readonly env: NodeJS.ProcessEnv;
  readonly maxMemoryMb: number;
  readonly ownLog: OwnLog;
}

/** Who takes what a monitor sends. */
export interface LinkReceiver {
  /** A new link: its monitor knows nothing of this process yet. */
  opened(): void;
  received(message: MonitorMessage): void;
  /** There is no monitor any more, for the time being. */
  lost(): void;
}

/** How often a process looks for the monitor that another one starts. */
const LOOK_MS = 30;
/** After this time it starts its own: the other one hangs, or a stranger holds the name of the turn. */
const LONGEST_WAIT_MS = 3000;
/** Nobody may answer though somebody leads (a leader that is just ending): look again, then stay alone. */
const MAX_DETOURS = 20;
const DETOUR_MS = 100;
/** Time for a separate monitor to be elected after ours stepped down. */
const STEPPED_DOWN_MS = 300;

/**
 * Links this process to the monitor of its service: to another process that leads already, else to a worker
 * thread of its own. When the leader dies, the next one takes over. Nothing here holds the process open.
 */
export class MonitorLink {
  readonly #options: MonitorLinkOptions;
  #state: LinkState = { kind: 'none' };
  #receiver: LinkReceiver | undefined;
  #thread: MonitorThread | undefined;
  #wasFollower = false;
  #wasOpen = false;
  #detours = 0;
  #deaths = 0;
  #turn: StartTurn | undefined;
  /** Since when there has been no monitor. */
  #waitingSinceMs: number | undefined;
  /** The file that others connect to while our own monitor leads. */
  #ownSocket: string | undefined;
  #closed = false;
  readonly #firstOpen = Promise.withResolvers<void>();

  constructor(options: MonitorLinkOptions) {
    this.#options = options;
  }

  /** Whether another process leads: it ships what this one leaves, and cannot be waited for with the thread blocked. */
  get isFollower(): boolean {
    return this.#state.kind === 'follower';
  }

  /** How often a monitor thread of this process died. */
  get deaths(): number {
    return this.#deaths;
  }

  /** Whether our own worker thread runs. */
  get hasThread(): boolean {
    return this.#state.kind === 'own';
  }

  /** Whether a monitor was there and is not any more. */
  get isLost(): boolean {
    return this.#wasOpen && this.#state.kind !== 'own' && this.#state.kind !== 'follower';
  }

  /** Resolves once there is a monitor to post to. */
  get opened(): Promise<void> {
    return this.#firstOpen.promise;
  }

  /** Connects, or starts a monitor; from then on `receiver` is called. */
  open(receiver: LinkReceiver): void {
    this.#receiver = receiver;
    const { meetingPoint } = this.#options.start;
    if (meetingPoint) this.#connect(meetingPoint);
    else this.#startThread();
  }

  /** For the end of a process that comes before its link is there: a monitor of its own, at once. */
  openNow(): void {
    if (!this.#wasOpen && this.#state.kind !== 'own') this.#startThread(true);
  }

  /** Sends if there is a monitor; a message for nobody is dropped, since a new link starts from nothing. */
  post(message: AgentMessage, transfer?: ArrayBuffer[]): void {
    if (this.#state.kind === 'own') this.#state.thread.post(message, transfer);
    else if (this.#state.kind === 'follower') sendFrame(this.#state.socket, message);
  }

  /** At the end of the process: removes the socket of our own monitor, and the folder if no other is in it. Never throws. */
  removeSocket(): void {
    const path = this.#ownSocket;
    this.#ownSocket = undefined;
    if (path === undefined || path === '' || process.platform === 'win32') return;
    try {
      rmSync(path, { force: true });
      rmdirSync(dirname(path));
    } catch {
      // Other services have their sockets in it.
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#state.kind === 'follower') this.#state.socket.destroy();
    this.#state = { kind: 'none' };
    this.#endTurn();
    await this.#thread?.close();
    this.removeSocket();
  }

  #connect(meetingPoint: MeetingPoint): void {
    if (this.#closed || this.#state.kind === 'own') return;
    this.#state = { kind: 'connecting' };
    // Nobody leads where there is no socket: instrumentations of the service would report an attempt as failed.
    if (process.platform !== 'win32' && !existsSync(meetingPoint.socketPath)) {
      this.#state = { kind: 'none' };
      void this.#startInTurn();
      return;
    }
    const socket = untraced(() => connect(meetingPoint.socketPath));
    let open = false;
    socket.on('connect', () => {
      if (this.#state.kind !== 'connecting') {
        socket.destroy();
        return;
      }
      open = true;
      this.#detours = 0;
      this.#endTurn();
      this.#wasFollower = true;
      this.#state = { kind: 'follower', socket };
      this.#opened();
    });
    receiveFrames(
      socket,
      (message) => this.#receiver?.received(readMonitorMessage(message)),
      ({ message }) =>
        this.#options.ownLog.problem('MON_LINK', { where: 'the monitor of the service', got: message }),
    );
    socket.on('error', () => {
      // The close that follows decides what happens next.
    });
    socket.on('close', () => {
      if (this.#closed || this.#state.kind === 'own') return;
      this.#state = { kind: 'none' };
      if (open) this.#receiver?.lost();
      void this.#startInTurn();
    });
    socket.unref();
  }

  /** One process of the service starts a thread; the others look for its monitor meanwhile. */
  async #startInTurn(): Promise<void> {
    const { meetingPoint } = this.#options.start;
    const { lockPath, socketPath } = meetingPoint ?? {};
    // Without abstract names all start one, and the election decides.
    if (!meetingPoint || lockPath === undefined || lockPath === socketPath) return this.#startThread();
    this.#waitingSinceMs ??= performance.now();
    const turn = await takeTurn(`${lockPath}-start`);
    if (this.#closed || this.#state.kind !== 'none') turn?.release();
    else if (turn || performance.now() - this.#waitingSinceMs > LONGEST_WAIT_MS) {
      this.#turn = turn;
      this.#startThread();
    } else {
      this.#state = { kind: 'connecting' };
      setTimeout(() => this.#connect(meetingPoint), LOOK_MS).unref();
    }
  }

  #endTurn(): void {
    this.#turn?.release();
    this.#turn = undefined;
    this.#waitingSinceMs = undefined;
  }

  #startThread(atOnce = false): void {
    if (this.#closed) return;
    const { monitorFile, start, env, maxMemoryMb, ownLog } = this.#options;
    const givenUp = this.#detours > MAX_DETOURS;
    const alone = atOnce || givenUp;
    if (givenUp) ownLog.problem('MON_SHARE', { where: start.meetingPoint?.socketPath ?? '' });
    const thread = new MonitorThread(
      {
        file: monitorFile,
        start: { ...start, takeover: this.#wasFollower, ...(alone && { meetingPoint: undefined }) },
        env,
        maxMemoryMb,
        ownLog,
      },
      {
        opened: () => {
          this.#state = { kind: 'own', thread };
          this.#opened();
        },
        received: (message) => {
          if (message.kind === 'leading') {
            this.#ownSocket = message.socketPath;
            this.#endTurn();
          }
          if (message.kind === 'not-leader') this.#follow(thread, message.steppedDown);
          else this.#receiver?.received(message);
        },
        died: () => {
          this.#deaths += 1;
          this.#endTurn();
          if (this.#state.kind === 'own') this.#state = { kind: 'none' };
          this.#receiver?.lost();
        },
      },
    );
    this.#thread = thread;
    thread.start();
  }

  /** Another process leads: our worker ends, and we connect to the other. */
  #follow(thread: MonitorThread, steppedDown: boolean): void {
    this.#state = { kind: 'none' };
    this.#endTurn();
    this.#ownSocket = undefined;
    this.#thread = undefined;
    this.#detours = steppedDown ? 0 : this.#detours + 1;
    void thread.close();
    const { meetingPoint } = this.#options.start;
    if (!meetingPoint) return;
    const waitMs = steppedDown ? STEPPED_DOWN_MS : this.#detours > 1 ? DETOUR_MS : 0;
    setTimeout(() => this.#connect(meetingPoint), waitMs).unref();
  }

  #opened(): void {
    this.#wasOpen = true;
    this.#receiver?.opened();
    this.post(this.#options.hello);
    this.#firstOpen.resolve();
  }
}
