import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { Logger, LogRecord } from '@opentelemetry/api';
import {
  FallbackLoggerProvider,
  type LoggerSource,
} from '../../../src/sources/opentelemetry/fallback-loggers.ts';

const API_LOGS = Symbol.for('io.opentelemetry.js.api.logs');
const globals = globalThis as Record<symbol, unknown>;

afterEach(() => {
  delete globals[API_LOGS];
});

/** A provider that keeps the bodies of what it gets. */
function recording(): LoggerSource & { readonly bodies: unknown[]; readonly records: LogRecord[] } {
  const bodies: unknown[] = [];
  const records: LogRecord[] = [];
  const logger: Logger = {
    emit: (record) => {
      bodies.push(record.body);
      records.push(record);
    },
    enabled: () => false,
  };
  return { getLogger: () => logger, bodies, records };
}

test('O1 records before the agent is there come out with it, with the time of their call', () => {
  let uses = 0;
  const [own, ours] = [recording(), recording()];
  const fallback = new FallbackLoggerProvider(() => (uses += 1));
  const logger = fallback.getLogger(own, 'shop');
  const beforeMs = Date.now();
  logger.emit({ body: 'early' });
  logger.emit({ body: 'with a time', timestamp: 5 });
  assert.equal(uses, 2);
  assert.equal(logger.enabled(), true);
  fallback.attach(ours);
  logger.emit({ body: 'later' });
  assert.deepEqual(ours.bodies, ['early', 'with a time', 'later']);
  assert.ok(Number(ours.records[0]?.timestamp) >= beforeMs);
  assert.equal(ours.records[1]?.timestamp, 5);
  assert.deepEqual(own.bodies, []);
});

test('O2 once the service registers a provider records go where they would have gone without us', () => {
  const [own, ours] = [recording(), recording()];
  const fallback = new FallbackLoggerProvider(() => {});
  const logger = fallback.getLogger(own, 'shop');
  fallback.attach(ours);
  logger.emit({ body: 'ours' });
  globals[API_LOGS] = () => undefined;
  logger.emit({ body: 'theirs' });
  assert.equal(logger.enabled(), false);
  assert.deepEqual([ours.bodies, own.bodies], [['ours'], ['theirs']]);
});

test('what is kept is bounded, and what does not fit is counted', () => {
  const ours = recording();
  const fallback = new FallbackLoggerProvider(() => {});
  const logger = fallback.getLogger(recording(), 'shop');
  for (let record = 0; record < 1005; record += 1) logger.emit({ body: record });
  assert.equal(fallback.dropped, 5);
  fallback.attach(ours);
  assert.equal(ours.bodies.length, 1000);
});
