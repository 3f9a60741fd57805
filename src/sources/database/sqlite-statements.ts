// Hot path: per run of a statement two clock readings, one WeakMap lookup, one small event.
import { basename } from 'node:path';
import { queryType } from '../../metrics/query-type.ts';
import type { SourceHandle } from '../seam/source-handle.ts';
import { wrapMethod } from '../seam/wrap-method.ts';
import type { QueryEvent } from './database-source.ts';

type AnyMethod = (this: object, ...args: unknown[]) => unknown;

interface Prepared {
  readonly database: string;
  readonly type: string;
}

/** The file's base name; what has no file is `:memory:`. */
export const databaseName = (path: string | null | undefined): string =>
  path ? (path === ':memory:' ? path : basename(path)) : ':memory:';

/** What a driver for SQLite has: a database that runs and prepares, statements that run. */
export interface SqliteDriver {
  readonly database: object;
  /** The name of a database, by `databaseName`. */
  readonly nameOf: (database: object) => string;
  /** Methods of a statement that run it. `iterate` counts as one query, without the time of the rows. */
  readonly run: readonly string[];
}

/**
 * Counts each run of a statement and each `exec`. All of it is synchronous: what throws is counted and thrown on.
 */
export function watchSqlite({ database, nameOf, run }: SqliteDriver, handle: SourceHandle<QueryEvent>): void {
  const prepared = new WeakMap<object, Prepared>();
  const watched = new WeakSet<object>();

  const timed = (of: Prepared, original: AnyMethod, self: object, args: unknown[]): unknown => {
    const startedMs = performance.now();
    try {
      return original.apply(self, args);
    } finally {
      handle.take({ ...of, seconds: (performance.now() - startedMs) / 1000 });
    }
  };

  /** Statements have no exported class: their prototype is found at the first one. */
  function watchStatements(prototype: object): void {
    if (watched.has(prototype)) return;
    watched.add(prototype);
    for (const name of run) {
      wrapMethod<AnyMethod>(
        prototype,
        name,
        (original) =>
          function runStatement(...args) {
            const of = prepared.get(this);
            return of ? timed(of, original, this, args) : original.apply(this, args);
          },
      );
    }
  }

  wrapMethod<AnyMethod>(
    database,
    'prepare',
    (original) =>
      function prepare(...args) {
        const statement = original.apply(this, args);
        if (typeof statement === 'object' && statement !== null) {
          watchStatements(Object.getPrototypeOf(statement) as object);
          prepared.set(statement, { database: nameOf(this), type: queryType(String(args[0])) });
        }
        return statement;
      },
  );
  wrapMethod<AnyMethod>(
    database,
    'exec',
    (original) =>
      function exec(...args) {
        return timed({ database: nameOf(this), type: queryType(String(args[0])) }, original, this, args);
      },
  );
}
