// Hot path: per packet of a query one comparison; per query two clock readings and one small event.
import { queryType } from '../../metrics/query-type.ts';
import { prototypeOf } from '../seam/prototype-of.ts';
import type { SourceHandle } from '../seam/source-handle.ts';
import { wrapMethod } from '../seam/wrap-method.ts';
import { databaseSource, type QueryEvent } from './database-source.ts';
import { WeakList } from './weak-list.ts';

const kStartedMs = Symbol('monitoring.startedMs');

/** A command of the protocol; those that run a statement have it as `sql`. `next` is set once it has begun. */
interface Command {
  readonly sql?: string;
  readonly next: unknown;
  [kStartedMs]?: number;
}
interface Connection {
  readonly config?: { readonly database?: string };
}
interface Pool {
  readonly config?: { readonly connectionConfig?: { readonly database?: string } };
  readonly _allConnections?: { readonly length: number };
}
type Execute = (this: Command, packet: unknown, connection: Connection) => boolean;

const pools = new WeakList<Pool>();

/** A query lasts from being sent until its last packet, by `query`, `execute`, a callback or a stream alike. */
function watchCommands(owner: object, handle: SourceHandle<QueryEvent>): void {
  wrapMethod<Execute>(
    owner,
    'execute',
    (original) =>
      function execute(packet, connection) {
        if (typeof this.sql === 'string' && !this.next) this[kStartedMs] = performance.now();
        const isOver = original.call(this, packet, connection);
        const startedMs = this[kStartedMs];
        if (isOver && startedMs) {
          this[kStartedMs] = 0;
          handle.take({
            database: connection.config?.database ?? '',
            type: queryType(this.sql ?? ''),
            seconds: (performance.now() - startedMs) / 1000,
          });
        }
        return isOver;
      },
  );
}

function watchPool(owner: object): void {
  wrapMethod<(this: Pool, ...args: unknown[]) => unknown>(
    owner,
    'getConnection',
    (original) =>
      function getConnection(...args) {
        pools.add(this);
        return original.apply(this, args);
      },
  );
}

function* connections(): Generator<readonly [string, number]> {
  for (const pool of pools) {
    const database = pool.config?.connectionConfig?.database;
    if (database !== undefined && pool._allConnections) yield [database, pool._allConnections.length];
  }
}

/** mysql2 2 and 3, by callback and promise. */
export const mysql2Source = databaseSource(
  'mysql2',
  [
    {
      file: 'mysql2/lib/commands/command.js',
      majors: [2, 3],
      patch: (exports, handle) => watchCommands(prototypeOf(exports), handle),
    },
    // Where the class of the pool is: since 3.11 the first, before that the second.
    { file: 'mysql2/lib/base/pool.js', majors: [3], patch: (exports) => watchPool(prototypeOf(exports)) },
    { file: 'mysql2/lib/pool.js', majors: [2, 3], patch: (exports) => watchPool(prototypeOf(exports)) },
  ],
  connections,
);
