import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { builtWith, programWith } from '../helpers/recipe.ts';
import { Service } from '../helpers/service.ts';

const source = `
import type { SourceRow } from './seam/source.ts';

interface Query {
  readonly statement: string;
  readonly seconds: number;
}
interface PaperDatabase {
  query(statement: string): unknown;
}

/** Queries of paperdb. */
export const paperdbSource: SourceRow<Query> = {
  name: 'paperdb',
  wakes: 'work',
  hooks: [
    {
      file: 'paperdb/index.js',
      majors: [3],
      patch(exports, handle) {
        const database = exports as PaperDatabase;
        const query = database.query;
        database.query = (statement) => {
          const startedMs = Date.now();
          const rows = query(statement);
          handle.take({ statement, seconds: (Date.now() - startedMs) / 1000 });
          return rows;
        };
      },
    },
  ],
  observe: ({ recorder }) => ({
    take: ({ statement, seconds }) => recorder.query('paper', statement, seconds),
  }),
};
`;

test('a source is one file and one line: it patches, starts the agent and records', async () => {
  const register = await builtWith({
    file: 'sources/paperdb.ts',
    text: source,
    table: 'sources/sources.ts',
    row: 'paperdbSource',
  });
  const cwd = programWith(
    `const { query } = require('paperdb');
     console.log(query('SELECT 1'));
     require('node:http').createServer((q, s) => s.end(String(query('UPDATE x')))).listen(0, '127.0.0.1', function () {
       console.log('listening', this.address().port);
     });`,
    { paperdb: `exports.query = (statement) => statement.length;` },
  );
  await using service = new Service(join(cwd, 'app.cjs'), { cwd, nodeArgs: ['--require', register] });
  assert.equal(await (await fetch(await service.url())).text(), '8');
  const page = await service.metricsWith(/^db_queries_total\{database="paper",type="UPDATE"\} 1$/m);
  assert.match(page, /^db_queries_total\{database="paper",type="SELECT"\} 1$/m);
  assert.match(
    page,
    /^monitoring_source_info\{library="paperdb",source="paperdb",state="patched",version="3.1.0"\} 1$/m,
  );
});
