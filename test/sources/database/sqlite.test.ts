import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, Service } from '../../helpers/service.ts';

const program = fixture('sources/sqlite.cjs');

async function answerOf(service: Service): Promise<unknown> {
  const response = await fetch(await service.url());
  return response.json();
}

test('each run of a statement of node:sqlite counts with its verb and file, a failed one too; answers stay as they are', async () => {
  await using bare = new Service(program, { nodeArgs: [] });
  await using service = new Service(program);
  assert.deepEqual(await answerOf(service), await answerOf(bare));
  const page = await service.metricsWith(/^db_queries_total\{database="shop.db",type="DELETE"\} 1$/m);
  for (const [type, count] of Object.entries({ CREATE: 1, INSERT: 2, SELECT: 3, DELETE: 1 })) {
    assert.match(page, new RegExp(`^db_queries_total\\{database="shop.db",type="${type}"\\} ${count}$`, 'm'));
    assert.match(
      page,
      new RegExp(`^db_query_duration_seconds_count\\{database="shop.db",type="${type}"\\} ${count}$`, 'm'),
    );
  }
  assert.match(
    page,
    /^monitoring_source_info\{library="node:sqlite",source="node:sqlite",state="patched",version="[\d.]+"\} 1$/m,
  );
  assert.doesNotMatch(page, /orders|nowhere/);
});
