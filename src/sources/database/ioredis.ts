// Hot path: per command two clock readings, two closures, one small event.
import { queryType } from '../../metrics/query-type.ts';
import { prototypeOf } from '../seam/prototype-of.ts';
import type { SourceHandle } from '../seam/source-handle.ts';
import { wrapMethod } from '../seam/wrap-method.ts';
import { databaseSource, type QueryEvent } from './database-source.ts';
import { WeakList } from './weak-list.ts';

/** Set on a command that is counted: one that waits in the queue of a client that is offline is sent twice. */
const kSeen = Symbol('monitoring.seen');

interface Command {
  readonly name: string;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  [kSeen]?: true;
}
interface Redis {
  readonly status: string;
  readonly options: { readonly db?: number };
  readonly condition?: { readonly select?: number };
  sendCommand(command: Command, ...rest: unknown[]): unknown;
}

const clients = new WeakList<Redis>();

const databaseOf = (redis: Redis): string => `redis/${redis.condition?.select ?? redis.options.db ?? 0}`;

/** A command lasts from being handed to the client until its reply, those of a pipeline and of `multi` each. */
function watchCommand(redis: Redis, command: Command, handle: SourceHandle<QueryEvent>): void {
  const startedMs = performance.now();
  const { resolve, reject } = command;
  Object.defineProperty(command, kSeen, { value: true });
  const ended = (): void => {
    const seconds = (performance.now() - startedMs) / 1000;
    handle.take({ database: databaseOf(redis), type: queryType(command.name.toUpperCase()), seconds });
  };
  command.resolve = (value) => {
    ended();
    resolve.call(command, value);
  };
  command.reject = (error) => {
    ended();
    reject.call(command, error);
  };
}

function watchClient(owner: object, handle: SourceHandle<QueryEvent>): void {
  wrapMethod<Redis['sendCommand']>(
    owner,
    'sendCommand',
    (original) =>
      function sendCommand(this: Redis, command, ...rest) {
        clients.add(this);
        if (typeof command?.resolve === 'function' && !command[kSeen]) watchCommand(this, command, handle);
        return original.call(this, command, ...rest);
      },
  );
}

function* connections(): Generator<readonly [string, number]> {
  for (const redis of clients) {
    const isOpen = redis.status === 'ready' || redis.status === 'connect';
    yield [databaseOf(redis), isOpen ? 1 : 0];
  }
}

/** ioredis 4 to 6, and what is built on it (BullMQ among others). */
export const ioredisSource = databaseSource(
  'ioredis',
  [
    {
      file: 'ioredis/built/Redis.js',
      majors: [5, 6],
      patch: (exports, handle) => watchClient(prototypeOf(exports, 'default'), handle),
    },
    {
      file: 'ioredis/built/redis/index.js',
      majors: [4],
      patch: (exports, handle) => watchClient(prototypeOf(exports, 'default'), handle),
    },
  ],
  connections,
);
