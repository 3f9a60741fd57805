import { prototypeOf } from '../seam/prototype-of.ts';
import { databaseSource } from './database-source.ts';
import { databaseName, watchSqlite } from './sqlite-statements.ts';

/** better-sqlite3; versions before 13 export the class, later ones as well. */
export const betterSqlite3Source = databaseSource('better-sqlite3', [
  {
    file: 'better-sqlite3/lib/index.js',
    majors: [8, 9, 10, 11, 12, 13],
    patch(exports, handle) {
      watchSqlite(
        {
          database: prototypeOf(exports),
          nameOf: (database) => databaseName((database as { readonly name?: string }).name),
          run: ['run', 'get', 'all', 'iterate'],
        },
        handle,
      );
    },
  },
]);
