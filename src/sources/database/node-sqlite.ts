import { prototypeOf } from '../seam/prototype-of.ts';
import { databaseSource } from './database-source.ts';
import { databaseName, watchSqlite } from './sqlite-statements.ts';

interface DatabaseSync {
  readonly isOpen?: boolean;
  location?(): string | null;
}

const names = new WeakMap<object, string>();

/** Asked for once per database: the answer costs a query of SQLite itself. */
function nameOf(database: object): string {
  const known = names.get(database);
  if (known !== undefined) return known;
  const name = databaseName((database as DatabaseSync).location?.());
  names.set(database, name);
  return name;
}

/** Node's own SQLite. */
export const nodeSqliteSource = databaseSource('node:sqlite', [
  {
    file: 'node:sqlite',
    patch(exports, handle) {
      const database = prototypeOf(exports, 'DatabaseSync');
      watchSqlite({ database, nameOf, run: ['run', 'get', 'all', 'iterate'] }, handle);
    },
  },
]);
