import { BroadcastChannel, type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import { currentMetrics } from '../../metrics/current-recorder.ts';
import type { Recording } from '../../metrics/recording.ts';
import type { SourceHandle } from '../seam/source-handle.ts';
import type { Source, SourceContext, SourceRow } from '../seam/source.ts';
import { isOwnThread } from './own-thread.ts';
import { channelOf, HEARD, type RecordedCall, TAKEN, type ThreadMessage } from './thread-messages.ts';

/** Published by Node when a thread was created, before it runs. */
const CREATED = 'worker_threads';

type Take = (message: ThreadMessage) => void;

/** The receiving end of one worker thread. */
interface Thread {
  readonly worker: WeakRef<Worker>;
  readonly channel: BroadcastChannel;
  taken: Int32Array | undefined;
}

/** The receiving ends of all threads that this thread started. */
class Threads {
  readonly #take: Take;
  readonly #threads = new Set<Thread>();

  constructor(take: Take) {
    this.#take = take;
    // What threads sent while this thread was busy until its end.
    process.on('exit', () => this.receiveAll());
  }

  add(worker: Worker): void {
    this.#closeEnded();
    const channel = new BroadcastChannel(channelOf(worker.threadId));
    const thread: Thread = { worker: new WeakRef(worker), channel, taken: undefined };
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- only this begins to receive
    channel.onmessage = (event) => this.#receive(thread, (event as { data: ThreadMessage }).data);
    channel.unref(); // After the listener, which would hold the process open.
    this.#threads.add(thread);
  }

  receiveAll(): void {
    for (const thread of this.#threads) this.#receiveWaiting(thread);
  }

  #receiveWaiting(thread: Thread): void {
    for (;;) {
      const found = receiveMessageOnPort(thread.channel as unknown as MessagePort);
      if (!found) return;
      this.#receive(thread, found.message as ThreadMessage);
    }
  }

  #receive(thread: Thread, message: ThreadMessage): void {
    if (message.kind === 'hello') {
      thread.taken = message.taken;
      Atomics.store(message.taken, HEARD, 1);
    } else this.#take(message);
    if ('cost' in message && thread.taken) Atomics.add(thread.taken, TAKEN, message.cost);
  }

  /** A listener on the worker would be seen by the service: ended ones are looked for when a new one comes. */
  #closeEnded(): void {
    for (const thread of this.#threads) {
      const worker = thread.worker.deref();
      if (worker && worker.threadId !== -1) continue;
      this.#receiveWaiting(thread);
      thread.channel.close();
      this.#threads.delete(thread);
    }
  }
}

function recordCall(recorder: Recording, call: RecordedCall): void {
  switch (call[0]) {
    case 'http':
      recorder.http(call[1], call[2]).record(call[3], call[4]);
      break;
    case 'ai':
      recorder.aiRequest(call[1]);
      break;
    case 'query':
      recorder.query(call[1], call[2], call[3]);
      break;
    case 'connections':
      recorder.connections(call[1], call[2]);
      break;
  }
}

function observeThreads({ recorder, logging, observable, found }: SourceContext): Source<ThreadMessage> {
  let dropped = 0;
  observable('threadMessagesDropped').addCallback((result) => result.observe(dropped));
  return {
    take(message) {
      switch (message.kind) {
        case 'log':
          logging.record(message.record);
          break;
        case 'metrics':
          for (const call of message.calls) recordCall(recorder, call);
          break;
        case 'found': {
          const { source, library, version, state } = message.found;
          found(library, version, state, source);
          break;
        }
        case 'sample-host':
          currentMetrics()?.sampleHost();
          break;
        case 'dropped':
          dropped += message.count;
          break;
        case 'hello':
        case 'wake':
          break;
      }
    },
  };
}

const threadsOf = new WeakMap<SourceHandle<ThreadMessage>, Threads>();

function onCreated(message: unknown, handle: SourceHandle<ThreadMessage>): void {
  if (isOwnThread()) return;
  let threads = threadsOf.get(handle);
  if (!threads) {
    threads = new Threads((received) => {
      handle.take(received, received.kind === 'wake' ? received.how : undefined);
    });
    threadsOf.set(handle, threads);
  }
  threads.add((message as { worker: Worker }).worker);
}

/** What worker threads of the service record: they send it here and open nothing of their own. */
export const threadsSource: SourceRow<ThreadMessage> = {
  name: 'threads',
  channels: [{ name: CREATED, keeps: false, early: onCreated }],
  observe: observeThreads,
};
