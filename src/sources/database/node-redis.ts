// Hot path: per command two clock readings, one promise, one small event.
import { queryType } from '../../metrics/query-type.ts';
import { prototypeOf } from '../seam/prototype-of.ts';
import type { SourceHandle } from '../seam/source-handle.ts';
import { wrapMethod } from '../seam/wrap-method.ts';
import { databaseSource, type QueryEvent } from './database-source.ts';
import { timedPromise } from './timed-promise.ts';

/** The database that a client has selected; the client itself sends the first `SELECT`, as it connects. */
const kDatabase = Symbol('monitoring.database');

interface Queue {
  [kDatabase]?: string;
}
type AddCommand = (this: Queue, args: readonly unknown[], ...rest: unknown[]) => Promise<unknown>;

function watchQueue(owner: object, handle: SourceHandle<QueryEvent>): void {
  wrapMethod<AddCommand>(
    owner,
    'addCommand',
    (original) =>
      function addCommand(args, ...rest) {
        const name = String(args[0]).toUpperCase();
        if (name === 'SELECT') {
          Object.defineProperty(this, kDatabase, {
            value: String(args[1]),
            writable: true,
            configurable: true,
          });
        }
        const database = `redis/${this[kDatabase] ?? '0'}`;
        return timedPromise(original.call(this, args, ...rest), (seconds) =>
          handle.take({ database, type: queryType(name), seconds }),
        );
      },
  );
}

/** node-redis 4 and 5 (`redis`, `@redis/client`): each command, those of `multi` too. */
export const nodeRedisSource = databaseSource('redis', [
  {
    file: '@redis/client/dist/lib/client/commands-queue.js',
    majors: [1, 5, 6],
    patch: (exports, handle) => watchQueue(prototypeOf(exports, 'default'), handle),
  },
]);
