// Hot path: per query two clock readings, two properties on the query object, one small event.
import { queryType } from '../../metrics/query-type.ts';
import { prototypeOf } from '../seam/prototype-of.ts';
import type { SourceHandle } from '../seam/source-handle.ts';
import { wrapMethod } from '../seam/wrap-method.ts';
import { databaseSource, type QueryEvent } from './database-source.ts';
import { WeakList } from './weak-list.ts';

/** When a query was sent; 0 once it has been counted. */
const kStartedMs = Symbol('monitoring.startedMs');
/** The database of a connection, and of a query on it. */
const kDatabase = Symbol('monitoring.database');

interface Connection {
  [kDatabase]?: string | undefined;
}
/** What a client sends: pg's own query, a cursor, a stream, or another object with these methods. */
interface Query extends Connection {
  readonly text?: string;
  [kStartedMs]?: number;
  submit(connection: Connection): unknown;
  handleError(...args: unknown[]): unknown;
  handleReadyForQuery(...args: unknown[]): unknown;
}
interface Client {
  readonly database?: string;
  readonly connection?: Connection;
}
interface Pool {
  readonly totalCount: number;
  readonly options: { readonly database?: string };
  readonly _clients?: readonly Client[];
}

type Handle = SourceHandle<QueryEvent>;

const pools = new WeakList<Pool>();

function began(query: Query, database: string | undefined): void {
  query[kStartedMs] = performance.now();
  query[kDatabase] = database;
}

function ended(query: Query, handle: Handle): void {
  const startedMs = query[kStartedMs];
  if (!startedMs) return;
  query[kStartedMs] = 0;
  const seconds = (performance.now() - startedMs) / 1000;
  handle.take({ database: query[kDatabase] ?? '', type: queryType(query.text ?? ''), seconds });
}

/**
 * A query lasts from being sent (not queued) until the server is ready for the next one, or it failed. A cursor counts
 * as one query, until it is closed. `owner`: a prototype, or one object that is none of pg's own.
 */
function watchQuery(owner: Query, handle: Handle): void {
  wrapMethod<Query['submit']>(
    owner,
    'submit',
    (original) =>
      function submit(this: Query, connection) {
        began(this, connection?.[kDatabase]);
        return original.call(this, connection);
      },
  );
  for (const name of ['handleError', 'handleReadyForQuery'] as const) {
    wrapMethod<Query['handleError']>(
      owner,
      name,
      (original) =>
        function settled(this: Query, ...args) {
          ended(this, handle);
          return original.apply(this, args);
        },
    );
  }
}

/** Gives the connection the name of its database, and watches what is no query of pg's own. */
function watchClient(client: object, ownQuery: Query, handle: Handle): void {
  const foreign = new WeakSet<object>();
  wrapMethod<(this: Client, ...args: unknown[]) => unknown>(
    client,
    'query',
    (original) =>
      function query(...args) {
        const { connection } = this;
        if (connection && connection[kDatabase] === undefined) {
          Object.defineProperty(connection, kDatabase, { value: this.database ?? '', enumerable: false });
        }
        const [first] = args;
        if (typeof first === 'object' && first !== null && 'submit' in first) {
          const isOwn = Object.prototype.isPrototypeOf.call(ownQuery, first);
          if (!isOwn && !foreign.has(first)) {
            foreign.add(first);
            watchForeignQuery(first as Query, handle);
          }
        }
        return original.apply(this, args);
      },
  );
}

/** The methods of a cursor are its class's: they are shadowed on this one object. */
function watchForeignQuery(query: Query, handle: Handle): void {
  for (const name of ['submit', 'handleError', 'handleReadyForQuery'] as const) {
    const method: unknown = query[name];
    if (typeof method !== 'function') return;
    Object.defineProperty(query, name, { value: method, writable: true, configurable: true });
  }
  watchQuery(query, handle);
}

/** `pg-native`: a query signals its own completion. */
function watchNativeQuery(owner: object, handle: Handle): void {
  interface NativeQuery extends Query {
    once(event: '_done', listener: () => void): void;
  }
  wrapMethod<(this: NativeQuery, client: Client) => unknown>(
    owner,
    'submit',
    (original) =>
      function submit(client) {
        began(this, client.database);
        this.once('_done', () => ended(this, handle));
        return original.call(this, client);
      },
  );
}

function watchPool(owner: object): void {
  wrapMethod<(this: Pool, ...args: unknown[]) => unknown>(
    owner,
    'connect',
    (original) =>
      function connect(...args) {
        pools.add(this);
        return original.apply(this, args);
      },
  );
}

function* connections(): Generator<readonly [string, number]> {
  for (const pool of pools) {
    const database = pool._clients?.[0]?.database ?? pool.options.database;
    if (database !== undefined) yield [database, pool.totalCount];
  }
}

/** pg 8 in all its forms (promise, callback, cursor, stream, native) and its pools; with it knex, drizzle and others. */
export const pgSource = databaseSource(
  'pg',
  [
    {
      file: 'pg/lib/client.js',
      majors: [8],
      patch(exports, handle) {
        const ownQuery = (exports as { readonly Query: { readonly prototype: Query } }).Query.prototype;
        watchQuery(ownQuery, handle);
        watchClient(prototypeOf(exports), ownQuery, handle);
      },
    },
    {
      file: 'pg/lib/native/query.js',
      majors: [8],
      patch: (exports, handle) => watchNativeQuery(prototypeOf(exports), handle),
    },
    { file: 'pg-pool/index.js', majors: [3], patch: (exports) => watchPool(prototypeOf(exports)) },
  ],
  connections,
);
