import assert from 'node:assert/strict';
import { channel } from 'node:diagnostics_channel';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { type Agent, type AgentOptions, startAgent } from '../../src/agent/start.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** What an agent leaves in its process while it runs. */
function traces(): Record<string, unknown> {
  const events = ['exit', 'beforeExit', 'newListener', 'SIGTERM', 'SIGINT'] as const;
  return {
    ...Object.fromEntries(events.map((event) => [event, process.listenerCount(event)])),
    http: channel('http.server.request.start').hasSubscribers,
    resources: process.getActiveResourcesInfo().filter((name) => /Message|Worker|Pipe/.test(name)),
  };
}

const options = (more: Record<string, string> = {}): AgentOptions => ({
  env: {
    MONITORING_LOG_DIR: temporaryFolder('agent'),
    MONITORING_SHARE_MONITOR: 'false',
    MONITORING_OWN_LOG_LEVEL: 'none',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    ...more,
  },
  monitorFile: `${import.meta.dirname}/connection/programs/monitor-stub.cjs`,
});

test('an agent that cannot be built leaves nothing behind in the process', () => {
  const before = traces();
  const broken = options();
  // Read by the very last step, the start of the monitor's thread.
  Object.defineProperty(broken.env, 'NODE_OPTIONS', {
    enumerable: true,
    get: () => {
      throw new Error('cannot be read');
    },
  });
  assert.throws(() => startAgent(broken), /cannot be read/);
  assert.deepEqual(traces(), before);
});

test('after its shutdown an agent leaves nothing behind in the process', async () => {
  const before = traces();
  const agent = startAgent(options({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })) as Agent;
  assert.notDeepEqual(traces(), before);
  await agent.shutdown();
  // The port of the worker closes a little later.
  await until(() => isDeepStrictEqual(traces(), before), { what: () => JSON.stringify(traces()) });
});
