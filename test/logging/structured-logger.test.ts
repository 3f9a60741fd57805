import assert from 'node:assert/strict';
import test from 'node:test';
import { currentLogging, provideLogging } from '../../src/logging/current-logging.ts';
import { StructuredLogger } from '../../src/logging/structured-logger.ts';
import { linesOf, testLogging } from '../helpers/logging.ts';

test('a logger made before the logging is there writes with it later', (t) => {
  const early = new StructuredLogger('api');
  provideLogging(() => undefined);
  early.info('nobody there');
  const { logging, dir } = testLogging(t);
  provideLogging(() => logging);
  early.info('now');
  assert.deepEqual(
    linesOf(dir, 'api').map((line) => line.split(' - ')[3]),
    ['now'],
  );
});

test('the logging is made with the first use, once', (t) => {
  const { logging } = testLogging(t);
  let made = 0;
  provideLogging(() => {
    made++;
    return logging;
  });
  const logger = new StructuredLogger('api');
  assert.equal(made, 0);
  logger.info('one');
  new StructuredLogger('db').info('two');
  assert.equal(made, 1);
  assert.equal(currentLogging(), logging);
});

test('each method writes its level', (t) => {
  const { logging, dir } = testLogging(t, { MONITORING_LOG_LEVEL: 'DEBUG' });
  provideLogging(() => logging);
  const logger = new StructuredLogger('api');
  logger.debug('m');
  logger.info('m');
  logger.warning('m');
  logger.error('m');
  logger.critical('m');
  logger.log('error', 'm');
  logger.log(50, 'm');
  assert.deepEqual(
    linesOf(dir, 'api').map((line) => line.split(' - ')[2]),
    ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL', 'ERROR', 'CRITICAL'],
  );
});

test('an error may stand for the extras or for the message', (t) => {
  const { logging, dir } = testLogging(t, { MONITORING_LOG_FORMAT: 'json' });
  provideLogging(() => logging);
  const logger = new StructuredLogger('api');
  logger.error('failed', new RangeError('too far'));
  logger.error(new TypeError('alone') as unknown as string, { order: 1 });
  const [first, second] = linesOf(dir, 'api').map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual([first?.['message'], first?.['exception.type']], ['failed', 'RangeError']);
  assert.deepEqual(
    [second?.['message'], second?.['exception.type'], second?.['order']],
    ['TypeError: alone', 'TypeError', 1],
  );
});

test('no argument makes a log call throw', (t) => {
  const { logging, dir } = testLogging(t, { MONITORING_LOG_FORMAT: 'json' });
  provideLogging(() => logging);
  const logger = new StructuredLogger('api');
  const hostile: unknown[] = [
    undefined,
    null,
    Symbol('s'),
    10n,
    () => undefined,
    Object.create(null),
    new Proxy({}, { get: () => assert.fail('trap'), ownKeys: () => assert.fail('trap') }),
    {
      toString() {
        throw new Error('toString');
      },
    },
  ];
  for (const value of hostile) {
    logger.info(value as string, value as Error);
    logger.log(value as number, 'message', { value });
  }
  assert.equal(linesOf(dir, 'api').length, hostile.length * 2);
});

test('a failing logging does not reach the program', () => {
  provideLogging(() => {
    throw new Error('cannot start');
  });
  new StructuredLogger('api').info('x');
  provideLogging(() => undefined);
});
