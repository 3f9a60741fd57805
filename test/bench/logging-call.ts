// What one log call costs the service's thread, in µs of CPU time (user and system) as the operating system counts it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../src/config/read-settings.ts';
import { provideLogging } from '../../src/logging/current-logging.ts';
import { createLogging, type Logging } from '../../src/logging/logging.ts';
import { createOwnLog } from '../../src/logging/own-log.ts';
import { StructuredLogger } from '../../src/logging/structured-logger.ts';

const CALLS = 100_000;
const ROUNDS = 5;
const PER_TICK = 100;

const root = mkdtempSync(join(tmpdir(), 'logging-call-'));

function loggingFor(name: string, spool: boolean, env: Record<string, string>): Logging {
  const dir = join(root, name);
  const { settings } = readSettings({ MONITORING_LOG_DIR: dir, ...env }, () => '');
  const ownLog = createOwnLog({ dir, level: 'NONE' });
  return createLogging({
    settings,
    resource: { 'service.name': 'bench' },
    version: '0',
    processId: name,
    ownLog,
    spool,
  });
}

const turn = (): Promise<void> => new Promise((done) => void setImmediate(done));

async function cpuPerCall(call: (index: number) => void): Promise<number> {
  const before = process.threadCpuUsage();
  for (let index = 0; index < CALLS; index++) {
    call(index);
    if (index % PER_TICK === 0) await turn();
  }
  const spent = process.threadCpuUsage(before);
  return (spent.user + spent.system) / CALLS;
}

const cases: Record<string, Logging> = {
  'file, text': loggingFor('file', false, {}),
  'file, json': loggingFor('json', false, { MONITORING_LOG_FORMAT: 'json' }),
  'file, json, no place': loggingFor('json-bare', false, {
    MONITORING_LOG_FORMAT: 'json',
    MONITORING_LOG_CODE_LOCATION: 'false',
  }),
  'spool and file': loggingFor('spool', true, {}),
  'spool and file, no place': loggingFor('spool-bare', true, { MONITORING_LOG_CODE_LOCATION: 'false' }),
};
const logger = new StructuredLogger('api');
const results = new Map<string, number[]>();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, logging] of Object.entries(cases)) {
    provideLogging(() => logging);
    const us = await cpuPerCall((index) => logger.info('order placed', { user: `u${index}`, ms: 12 }));
    results.set(name, [...(results.get(name) ?? []), us]);
  }
}
for (const logging of Object.values(cases)) logging.close();
rmSync(root, { recursive: true });
for (const [name, all] of results) {
  const median = [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  console.log(`${name.padEnd(28)} ${median.toFixed(2)} µs`);
}
