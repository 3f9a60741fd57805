import { aiSource } from './ai/ai-source.ts';
import { betterSqlite3Source } from './database/better-sqlite3.ts';
import { ioredisSource } from './database/ioredis.ts';
import { mongodbSource } from './database/mongodb.ts';
import { mysql2Source } from './database/mysql2.ts';
import { nodeRedisSource } from './database/node-redis.ts';
import { nodeSqliteSource } from './database/node-sqlite.ts';
import { pgSource } from './database/pg.ts';
import { httpSource } from './http/http-source.ts';
import { http2Source } from './http/http2-source.ts';
import { bunyanSource } from './loggers/bunyan.ts';
import { consoleSource } from './loggers/console.ts';
import { nestSource } from './loggers/nest.ts';
import { pinoSource } from './loggers/pino.ts';
import { winstonSource } from './loggers/winston.ts';
import { openTelemetrySource } from './opentelemetry/opentelemetry-source.ts';
import { runtimeSource } from './runtime.ts';
import { threadsSource } from './threads/threads-source.ts';
import type { SourceRow } from './seam/source.ts';

/** One line per source. The preload loads this table: it must stay free of OpenTelemetry. */
export const sourceRows: readonly SourceRow[] = [
  httpSource,
  http2Source,
  openTelemetrySource,
  runtimeSource,
  threadsSource,
  pgSource,
  mysql2Source,
  mongodbSource,
  ioredisSource,
  nodeRedisSource,
  betterSqlite3Source,
  nodeSqliteSource,
  aiSource,
  consoleSource,
  pinoSource,
  winstonSource,
  bunyanSource,
  nestSource,
];
