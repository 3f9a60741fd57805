import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { atEnd } from '../helpers/stack/at-end.ts';
import { eventually } from '../helpers/stack/eventually.ts';
import { numberedFolders, startNumberedService } from '../helpers/stack/numbered-service.ts';
import { startTestStack, temporaryFolder, unlessBuilt } from '../helpers/stack/stack.ts';
import { refusedBy } from '../helpers/stack/collector-counts.ts';
import { countLogs } from '../helpers/stack/victoria-logs.ts';

const SERVICES = ['victorialogs', 'otelcol'] as const;

function unlessDisk(): string | false {
  if (process.platform === 'linux' && process.getuid?.() === 0) return false;
  return 'a disk of its own can only be made by root on Linux';
}

/** A disk of `megabytes` at `path`, gone at the end of the test. */
function makeDisk(context: TestContext, path: string, megabytes: number): void {
  mkdirSync(path, { recursive: true });
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]);
  assert.equal(status, 0, String(stderr));
  atEnd(context, () => void spawnSync('umount', ['--lazy', path]));
}

test(
  'with a full disk under its queue the collector refuses records, the service keeps them, and all arrive later',
  { skip: unlessDisk() || unlessBuilt(SERVICES) },
  async (context) => {
    const folder = temporaryFolder(context);
    makeDisk(context, join(folder, 'data', 'otelcol-queue'), 4);
    const stack = await startTestStack(context, SERVICES, { folder });
    const database = stack.process('victorialogs');
    await database.stop();
    const range = { first: 1, last: 20_000 };
    startNumberedService(context, numberedFolders(folder), range, {
      OTEL_EXPORTER_OTLP_ENDPOINT: stack.url('otelcol', 4318),
    });
    await eventually(async () => {
      assert.ok((await refusedBy(stack.url('otelcol', 8888, '/metrics'))) > 0, 'records are refused');
    });
    await database.start();
    await eventually(async () => {
      const query = '{"service.name"="numbered"} | stats count_uniq(sequence) n';
      assert.equal(
        await countLogs(stack.url('victorialogs', 9428), query),
        range.last,
        'records that have arrived',
      );
    }, 90_000);
  },
);
