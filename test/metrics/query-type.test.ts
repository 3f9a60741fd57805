import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queryType } from '../../src/metrics/query-type.ts';

const rows: readonly (readonly [statement: string, type: string])[] = [
  ['SELECT', 'SELECT'],
  ['select 1', 'SELECT'],
  ['Select*from t', 'SELECT'],
  ['INSERT INTO t VALUES (1)', 'INSERT'],
  ['update t set a = 1', 'UPDATE'],
  ['DELETE FROM t', 'DELETE'],
  ['MERGE INTO t', 'MERGE'],
  ['BEGIN', 'BEGIN'],
  ['START TRANSACTION', 'BEGIN'],
  ['END', 'COMMIT'],
  ['ABORT', 'ROLLBACK'],
  ['EXECUTE plan(1)', 'EXEC'],
  ['exec sp_who', 'EXEC'],
  ['EXPLAIN ANALYZE SELECT 1', 'EXPLAIN'],
  ['PRAGMA journal_mode', 'PRAGMA'],
  // What may stand before the verb.
  ['  \n\t select 1', 'SELECT'],
  [';;; select 1', 'SELECT'],
  ['(SELECT 1) UNION (SELECT 2)', 'SELECT'],
  ['-- who asks\nSELECT 1', 'SELECT'],
  ['--\n--\r\n SELECT 1', 'SELECT'],
  ['/* app:shop */ UPDATE t SET a=1', 'UPDATE'],
  ['/***/SELECT 1', 'SELECT'],
  ['/* a * b / c **/ -- d\n ( DELETE FROM t', 'DELETE'],
  ['/*! STRAIGHT_JOIN */ SELECT 1', 'SELECT'],
  ['-- only a comment: SELECT', 'OTHER'],
  ['/* not closed SELECT 1', 'OTHER'],
  // Common table expressions: the statement that runs counts, not those inside.
  ['WITH a AS (SELECT 1) SELECT * FROM a', 'SELECT'],
  ['with recursive a as (select 1 union select 2), b as (select 3) insert into t select * from a', 'INSERT'],
  ['WITH gone AS (DELETE FROM t RETURNING *) SELECT count(*) FROM gone', 'SELECT'],
  ['WITH a AS (SELECT (1 + (2))) UPDATE t SET x = 1', 'UPDATE'],
  ['WITH insert_rows AS (SELECT 1) DELETE FROM t', 'DELETE'],
  ["WITH a AS (SELECT ')' AS bracket) UPDATE t SET x = 1", 'UPDATE'],
  ["WITH a AS (SELECT 'it''s )') SELECT 1", 'SELECT'],
  ['WITH "delete" AS (SELECT 1) SELECT 1', 'SELECT'],
  ['WITH `update)` AS (SELECT 1) SELECT 1', 'SELECT'],
  ['WITH a AS (SELECT 1 /* ) */ -- )\n) INSERT INTO t SELECT 1', 'INSERT'],
  ['WITH nothing', 'OTHER'],
  // Commands of other databases.
  ['GET', 'GET'],
  ['hgetall', 'HGETALL'],
  ['FIND', 'FIND'],
  ['findAndModify', 'FINDANDMODIFY'],
  // Nothing that is known.
  ['', 'OTHER'],
  ['   ', 'OTHER'],
  ['OTHER', 'OTHER'],
  ['SELECTED', 'OTHER'],
  ['constructor', 'OTHER'],
  ['__proto__', 'OTHER'],
  ['42', 'OTHER'],
  ['привет', 'OTHER'],
];

test('the type of a statement is its verb from a closed list', () => {
  for (const [statement, type] of rows) assert.equal(queryType(statement), type, statement);
});

test('the second answer, from memory, is the same as the first', () => {
  for (const [statement, type] of rows) assert.equal(queryType(statement), type, statement);
});

test('more statements than are remembered are all answered', () => {
  for (let at = 0; at < 2000; at += 1) assert.equal(queryType(`INSERT INTO t${at} VALUES (1)`), 'INSERT');
  assert.equal(queryType('INSERT INTO t0 VALUES (1)'), 'INSERT');
});

test('hostile statements take linear time', () => {
  const long = 1_000_000;
  const statements = [
    ' '.repeat(long),
    '('.repeat(long),
    '/*'.repeat(long),
    '/**/'.repeat(long),
    '--\n'.repeat(long),
    '-- '.repeat(long),
    `WITH ${'('.repeat(long)}`,
    `WITH ${"'".repeat(long + 1)}`,
    `WITH ${'/*'.repeat(long)}`,
    `WITH ${'a'.repeat(long)}`,
    `WITH ${'*/'.repeat(long)}`,
    'A'.repeat(long),
  ];
  for (const statement of statements) assert.equal(queryType(statement), 'OTHER');
});
