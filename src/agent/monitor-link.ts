import { connect, type Socket } from 'node:net';
import { receiveFrames, sendFrame } from '../link/frames.ts';
import type { MeetingPoint } from '../link/meeting-point.ts';
import type { AgentMessage, Hello, MonitorMessage, MonitorStart } from '../link/messages.ts';
import type { OwnLog } from '../own-log/own-log.ts';
import { MonitorThread } from './monitor-thread.ts';

type Post = (message: AgentMessage, transfer?: ArrayBuffer[]) => void;

/** How this process is linked to a monitor. */
type LinkState =
  | { readonly kind: 'none' }
  | { readonly kind: 'connecting' }
  /** Our own worker thread: it leads, or is about to find out. */
  | { readonly kind: 'own'; readonly post: Post }
  /** Another process of the service leads. */
  | { readonly kind: 'follower'; readonly post: Post; readonly socket: Socket };

export interface MonitorLinkOptions {
  readonly monitorFile: string;
  readonly start: Omit<MonitorStart, 'takeover'>;
  readonly hello: Hello;
  readonly env: NodeJS.ProcessEnv;
  readonly maxMemoryMb: number;
  readonly ownLog: OwnLog;
  /** Whether a link was lost or found: what the other side knows of us is gone. */
  readonly onOpen: () => void;
  readonly onMessage: (message: MonitorMessage) => void;
}

/** Processes that lose their leader at once do not all start a worker at once. */
const TAKEOVER_SPREAD_MS = 60;
/** Nobody may lead though the place is taken (a leader that is just ending): look again, then stay alone. */
const MAX_DETOURS = 20;
const DETOUR_MS = 100;
/** Time for a separate monitor to take the place that ours has left. */
const YIELDED_MS = 300;

/**
 * Links this process to the monitor of its service: to another process that leads already, else to a worker
 * thread of its own. When the leader dies, the next one takes over. Nothing here holds the process open.
 */
export class MonitorLink {
  readonly #options: MonitorLinkOptions;
  #state: LinkState = { kind: 'none' };
  #thread: MonitorThread | undefined;
  #wasFollower = false;
  #detours = 0;
  #closed = false;
  #tellOpen: () => void = () => {};
  readonly #firstOpen: Promise<void>;

  constructor(options: MonitorLinkOptions) {
    this.#options = options;
    this.#firstOpen = new Promise((done) => {
      this.#tellOpen = done;
    });
  }

  /** Whether another process leads: it ships what this one leaves, and cannot be waited for with the thread blocked. */
  get isFollower(): boolean {
    return this.#state.kind === 'follower';
  }

  /** Resolves once there is a monitor to post to. */
  get opened(): Promise<void> {
    return this.#firstOpen;
  }

  /** For the end of a process that came before its link was there: a monitor of its own, at once. */
  openNow(): void {
    if (this.#state.kind === 'none' || this.#state.kind === 'connecting') this.#startThread(true);
  }

  open(): void {
    const { meetingPoint } = this.#options.start;
    if (meetingPoint) this.#connect(meetingPoint);
    else this.#startThread();
  }

  /** Sends if there is a monitor; a message for nobody is dropped, since a new link starts from nothing. */
  post(message: AgentMessage, transfer?: ArrayBuffer[]): void {
    if (this.#state.kind === 'own' || this.#state.kind === 'follower') this.#state.post(message, transfer);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#state.kind === 'follower') this.#state.socket.destroy();
    this.#state = { kind: 'none' };
    await this.#thread?.close();
  }

  #connect(meetingPoint: MeetingPoint): void {
    if (this.#closed) return;
    this.#state = { kind: 'connecting' };
    const socket = connect(meetingPoint.socketPath);
    let open = false;
    socket.on('connect', () => {
      if (this.#state.kind !== 'connecting') {
        socket.destroy();
        return;
      }
      open = true;
      this.#detours = 0;
      this.#wasFollower = true;
      this.#state = { kind: 'follower', socket, post: (message) => sendFrame(socket, message) };
      this.#opened();
    });
    receiveFrames(socket, (message) => this.#options.onMessage(message as MonitorMessage));
    socket.on('error', () => {
      // The close that follows decides what happens next.
    });
    socket.on('close', () => {
      if (this.#closed || this.#state.kind === 'own') return;
      this.#state = { kind: 'none' };
      if (!open) this.#startThread();
      else setTimeout(() => this.#startThread(), Math.random() * TAKEOVER_SPREAD_MS).unref();
    });
    socket.unref();
  }

  #startThread(atOnce = false): void {
    if (this.#closed) return;
    const { monitorFile, start, env, maxMemoryMb, ownLog } = this.#options;
    const givenUp = this.#detours > MAX_DETOURS;
    const alone = atOnce || givenUp;
    if (givenUp) ownLog.problem('MON_SHARE', { where: start.meetingPoint?.socketPath ?? '' });
    const thread = new MonitorThread({
      file: monitorFile,
      start: { ...start, takeover: this.#wasFollower, ...(alone && { meetingPoint: undefined }) },
      env,
      maxMemoryMb,
      ownLog,
      onOpen: (post) => {
        this.#state = { kind: 'own', post };
        this.#opened();
      },
      onMessage: (message) => {
        if (message.kind === 'not-leader') this.#follow(thread, message.yielded);
        else this.#options.onMessage(message);
      },
    });
    this.#thread = thread;
    thread.start();
  }

  /** Somebody else was faster: our worker goes, we connect to the other. */
  #follow(thread: MonitorThread, yielded: boolean): void {
    this.#state = { kind: 'none' };
    this.#thread = undefined;
    this.#detours = yielded ? 0 : this.#detours + 1;
    void thread.close();
    const { meetingPoint } = this.#options.start;
    if (!meetingPoint) return;
    const waitMs = yielded ? YIELDED_MS : this.#detours > 1 ? DETOUR_MS : 0;
    setTimeout(() => this.#connect(meetingPoint), waitMs).unref();
  }

  #opened(): void {
    this.#options.onOpen();
    this.post(this.#options.hello);
    this.#tellOpen();
  }
}
