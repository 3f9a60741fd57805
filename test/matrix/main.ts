/**
 * `npm run matrix -- [filter] [--newest] [--json]`: each library in its supported versions against a real server, with
 * and without the preload: the same answers, and exactly the series that the row expects. Needs npm's registry once.
 */
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../../demo/ensure-built.ts';
import { runRow } from './run-row.ts';
import { REPOSITORY } from '../helpers/service.ts';
import { rows } from './rows.ts';
import { type Server, type ServerName, startServer } from './servers.ts';

interface Skipped {
  readonly row: string;
  readonly why: string;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { newest: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  });
  const filter = new RegExp(positionals[0] ?? '');
  await ensureBuilt(REPOSITORY, () => console.error('building the package …'));
  const servers = new Map<ServerName, Server>();
  const skipped: Skipped[] = [];
  let passed = 0;
  let failed = 0;
  try {
    for (const row of rows.filter(({ library }) => filter.test(library))) {
      const versions = values.newest ? row.versions.slice(-1) : row.versions;
      let server = row.server && servers.get(row.server);
      if (row.server && !server) {
        server = await startServer(row.server);
        servers.set(row.server, server);
      }
      for (const version of versions) {
        const name = `${row.library} ${version}`;
        if (server?.kind === 'missing') {
          skipped.push({ row: name, why: server.why });
          console.log(`skipped  ${name}  ${server.why}`);
          continue;
        }
        const wrong = await runRow(row, version, server?.env ?? {}).catch((error: unknown) => [
          String(error),
        ]);
        if (wrong.length === 0) passed++;
        else failed++;
        console.log(`${wrong.length === 0 ? 'ok      ' : 'FAILED  '} ${name}`);
        for (const line of wrong) console.log(`           ${line}`);
      }
    }
  } finally {
    for (const server of servers.values()) if (server.kind === 'running') await server.stop();
  }
  const ok = failed === 0 && passed > 0;
  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  if (values.json) console.log(JSON.stringify({ rows: passed + failed, passed, failed, skipped, ok }));
  process.exitCode = ok ? 0 : 1;
}

await main();
