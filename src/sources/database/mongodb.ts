// Hot path: per command two clock readings, one promise, one small event.
import { queryType } from '../../metrics/query-type.ts';
import { prototypeOf } from '../seam/prototype-of.ts';
import type { SourceHandle } from '../seam/source-handle.ts';
import { wrapMethod } from '../seam/wrap-method.ts';
import { databaseSource, type QueryEvent } from './database-source.ts';
import { timedPromise } from './timed-promise.ts';
import { WeakList } from './weak-list.ts';

type Command = (
  this: object,
  namespace: { readonly db?: string },
  command: object,
  ...rest: unknown[]
) => Promise<unknown>;

interface Pool {
  readonly totalConnectionCount: number;
  readonly options: { readonly dbName?: string };
}

/** What the driver sends by itself to know the server and to log in. */
const INTERNAL = new Set([
  'hello',
  'ismaster',
  'isMaster',
  'saslStart',
  'saslContinue',
  'ping',
  'endSessions',
]);

const pools = new WeakList<Pool>();

function watchConnection(owner: object, handle: SourceHandle<QueryEvent>): void {
  wrapMethod<Command>(
    owner,
    'command',
    (original) =>
      function command(namespace, sent, ...rest) {
        const answer = original.call(this, namespace, sent, ...rest);
        const [name = ''] = Object.keys(sent);
        if (INTERNAL.has(name)) return answer;
        const event = { database: namespace.db ?? '', type: queryType(name.toUpperCase()) };
        return timedPromise(answer, (seconds) => handle.take({ ...event, seconds }));
      },
  );
}

function watchPool(owner: object): void {
  wrapMethod<(this: Pool, ...args: unknown[]) => unknown>(
    owner,
    'checkOut',
    (original) =>
      function checkOut(...args) {
        pools.add(this);
        return original.apply(this, args);
      },
  );
}

function* connections(): Generator<readonly [string, number]> {
  for (const pool of pools) yield [pool.options.dbName ?? 'test', pool.totalConnectionCount];
}

/** mongodb 6 and 7, and mongoose on it. `getMore` of a cursor is a query of its own. */
export const mongodbSource = databaseSource(
  'mongodb',
  [
    {
      file: 'mongodb/lib/cmap/connection.js',
      majors: [6, 7],
      patch: (exports, handle) => watchConnection(prototypeOf(exports, 'Connection'), handle),
    },
    {
      file: 'mongodb/lib/cmap/connection_pool.js',
      majors: [6, 7],
      patch: (exports) => watchPool(prototypeOf(exports, 'ConnectionPool')),
    },
  ],
  connections,
);
