// Logs into files with one of the loggers, in bursts as a busy service does: fifty calls a turn of the event loop.
'use strict';
const { join } = require('node:path');
const { setImmediate: turn, setTimeout: delay } = require('node:timers/promises');
const { usage } = require('./report-usage.cjs');

const BURST = 50;
const folder = process.env.MONITORING_LOG_DIR;

const loggers = {
  ours() {
    const { StructuredLogger } = require(process.env.BENCH_OURS);
    const logger = new StructuredLogger('api');
    return (extras) => logger.log('INFO', 'order placed', extras);
  },
  pino() {
    const pino = require(process.env.BENCH_PEER);
    const logger = pino(pino.destination({ dest: join(folder, 'api.log'), sync: true, minLength: 0 }));
    return (extras) => logger.info(extras, 'order placed');
  },
  winston() {
    const { createLogger, format, transports } = require(process.env.BENCH_PEER);
    const logger = createLogger({
      format: format.combine(format.timestamp(), format.json()),
      transports: [new transports.File({ filename: join(folder, 'api.log') })],
    });
    return (extras) => logger.info('order placed', extras);
  },
};

const log = loggers[process.argv[2]]();

async function logAll(count) {
  const before = usage();
  for (let n = 0; n < count; n += 1) {
    log({ order: n, customer: 'ada', seconds: 0.125 });
    if (n % BURST === BURST - 1) await turn();
  }
  // What a logger puts off is part of its price.
  await delay(200);
  process.send({ logged: { before, after: usage() } });
}

process.on('message', (message) => {
  if (message.log) void logAll(message.log);
});
process.send({ ready: true });
