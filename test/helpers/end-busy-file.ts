/**
 * node:test fails a test that takes too long, but its file goes on as long as a loop of it goes on or a server listens.
 * Such a file is ended here, failed, with what keeps it busy.
 */
import { after } from 'node:test';

/** Generous: a machine under load is no failure. */
const GRACE_MS = 20_000;

// Set in the processes that run a test file, not in the runner.
if (process.env['NODE_TEST_CONTEXT'] !== undefined) {
  after(() => {
    const busy = setTimeout(() => {
      const resources = [...new Set(process.getActiveResourcesInfo())].join(', ');
      console.error(`${process.argv[1]}: all tests have ended, this is still active: ${resources}`);
      process.exit(1);
    }, GRACE_MS);
    busy.unref();
  });
}
