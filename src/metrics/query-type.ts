/** Values of the label `type` of a query: SQL verbs and the commands of Redis and MongoDB that people chart. */
const QUERY_TYPES = new Set(
  (
    'SELECT INSERT UPDATE DELETE MERGE REPLACE CALL EXEC BEGIN COMMIT ROLLBACK SAVEPOINT RELEASE ' +
    'CREATE ALTER DROP TRUNCATE GRANT REVOKE SET SHOW USE EXPLAIN ANALYZE VACUUM PRAGMA COPY LOCK ' +
    'GET MGET MSET DEL EXISTS EXPIRE INCR DECR HGET HSET HGETALL LPUSH RPUSH LPOP RPOP LRANGE SADD SREM SMEMBERS ' +
    'ZADD ZRANGE ZREM PUBLISH SUBSCRIBE XADD XREAD SCAN PING MULTI EVAL ' +
    'FIND AGGREGATE COUNT DISTINCT FINDANDMODIFY CREATEINDEXES GETMORE'
  ).split(' '),
);

const SAME_VERB: Readonly<Record<string, string>> = {
  START: 'BEGIN',
  EXECUTE: 'EXEC',
  END: 'COMMIT',
  ABORT: 'ROLLBACK',
};

/** Comments, blanks and opening brackets that may come before the verb. Linear: the alternatives exclude each other. */
const LEADING = /^(?:[\s(;]+|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)+/;
const WORD = /^[A-Za-z]+/;
const MAIN_VERB = /\b(SELECT|INSERT|UPDATE|DELETE|MERGE)\b/i;

/** Texts, quoted names and comments; one that is not closed reaches to the end, so that each is looked at once. */
const QUOTED = /'(?:[^']|'')*(?:'|$)|"[^"]*(?:"|$)|`[^`]*(?:`|$)|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$)/g;

/** `WITH … SELECT`: the first verb outside of all brackets is the one that runs. */
function verbAfterWith(sql: string): string {
  let depth = 0;
  let topLevel = '';
  for (const char of sql.replaceAll(QUOTED, ' ')) {
    if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if (depth === 0) topLevel += char;
  }
  return MAIN_VERB.exec(topLevel)?.[1]?.toUpperCase() ?? 'OTHER';
}

function readType(statement: string): string {
  const text = statement.slice(0, 10_000).replace(LEADING, '');
  const word = WORD.exec(text)?.[0].toUpperCase() ?? '';
  if (word === 'WITH') return verbAfterWith(text);
  const verb = SAME_VERB[word] ?? word;
  return QUERY_TYPES.has(verb) ? verb : 'OTHER';
}

/** Statements repeat: their types are remembered, the oldest forgotten first. */
const CACHE_SIZE = 500;
const CACHED_LENGTH = 2000;
const cache = new Map<string, string>();

/** The label `type` of an SQL statement or a command name; from a closed list, else `OTHER`. */
export function queryType(statement: string): string {
  if (QUERY_TYPES.has(statement)) return statement;
  const known = cache.get(statement);
  if (known !== undefined) return known;
  const type = readType(statement);
  if (statement.length > CACHED_LENGTH) return type;
  if (cache.size >= CACHE_SIZE) {
    const oldest = cache.keys().next();
    if (!oldest.done) cache.delete(oldest.value);
  }
  cache.set(statement, type);
  return type;
}
