import type { ServerName } from './servers.ts';

/** A library in some versions, a program that uses it in the ways that count, and the series that must come out. */
export interface Row {
  readonly library: string;
  /** Oldest and newest supported major first to last, as npm takes them. */
  readonly versions: readonly string[];
  /** What is installed beside it. */
  readonly with?: readonly string[];
  readonly program: string;
  readonly server?: ServerName;
  /** Path that is asked for twice. */
  readonly path?: string;
  /** Series with their exact values after that; a type that is not listed may come beside them. */
  readonly series: readonly string[];
}

const route = (endpoint: string): string =>
  `http_requests_total{endpoint="${endpoint}",method="GET",status="200"} 2`;
const queries = (database: string, counts: Readonly<Record<string, number>>): string[] =>
  Object.entries(counts).flatMap(([type, count]) => [
    `db_queries_total{database="${database}",type="${type}"} ${count}`,
    `db_query_duration_seconds_count{database="${database}",type="${type}"} ${count}`,
  ]);
const records = (counts: Readonly<Record<string, number>>): string[] =>
  Object.entries(counts).map(
    ([level, count]) => `log_records_total{application="shop",level="${level}"} ${count}`,
  );

/** One row per library. Counts are those of two requests. */
export const rows: readonly Row[] = [
  {
    library: 'fastify',
    versions: ['4', '5'],
    program: 'fastify.cjs',
    path: '/users/7',
    series: [route('/users/:id')],
  },
  {
    library: 'koa',
    versions: ['2', '3'],
    with: ['@koa/router@12'],
    program: 'koa.cjs',
    path: '/users/7',
    series: [route('/users/:id')],
  },
  {
    library: '@hapi/hapi',
    versions: ['20', '21'],
    program: 'hapi.cjs',
    path: '/users/7',
    series: [route('/users/{id}')],
  },
  {
    library: 'hono',
    versions: ['4'],
    with: ['@hono/node-server@1'],
    program: 'hono.cjs',
    path: '/users/7',
    series: [route('/users/:id')],
  },
  {
    library: 'express',
    versions: ['4', '5'],
    program: 'express.cjs',
    path: '/users/7',
    series: [route('/users/:id')],
  },
  {
    library: 'pg',
    versions: ['8'],
    with: ['pg-cursor'],
    program: 'pg.cjs',
    server: 'postgres',
    series: [
      ...queries('postgres', { CREATE: 2, INSERT: 4, SELECT: 12 }),
      'db_connections{database="postgres"} 1',
    ],
  },
  {
    library: 'mysql2',
    versions: ['2', '3'],
    program: 'mysql2.cjs',
    server: 'mariadb',
    series: queries('shop', { CREATE: 2, INSERT: 2, SELECT: 6 }),
  },
  {
    library: 'mongodb',
    versions: ['6', '7'],
    program: 'mongodb.cjs',
    server: 'ferretdb',
    series: [
      ...queries('shop', { DELETE: 2, INSERT: 4, FIND: 2, UPDATE: 2, AGGREGATE: 2 }),
      'db_connections{database="shop"} 1',
    ],
  },
  {
    library: 'ioredis',
    versions: ['4', '5', '6'],
    program: 'ioredis.cjs',
    server: 'redis',
    series: queries('redis/3', { SET: 2, GET: 6, INCR: 2 }),
  },
  {
    library: 'redis',
    versions: ['4', '5'],
    program: 'redis.cjs',
    server: 'redis',
    series: queries('redis/2', { SET: 2, GET: 6, INCR: 2, MULTI: 2, EXEC: 2 }),
  },
  {
    library: 'pino',
    versions: ['7', '8', '9', '10'],
    program: 'pino.cjs',
    series: records({ INFO: 2, WARNING: 2, ERROR: 2 }),
  },
  {
    library: 'bunyan',
    versions: ['1'],
    program: 'bunyan.cjs',
    series: records({ INFO: 2, WARNING: 2, ERROR: 2 }),
  },
];
