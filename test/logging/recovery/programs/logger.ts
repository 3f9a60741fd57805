// A small service that logs with this package's own parts and ends as it is told. Arguments: folder, how it ends,
// records, records between two turns of the event loop. Each record whose log call has returned is said on stdout.
import { writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { readSettings } from '../../../../src/config/read-settings.ts';
import { provideLogging } from '../../../../src/logging/current-logging.ts';
import { createLogging } from '../../../../src/logging/logging.ts';
import { createOwnLog } from '../../../../src/own-log/own-log.ts';
import { StructuredLogger } from '../../../../src/logging/structured-logger.ts';

const [dir = '', end = 'return', records = '10', perTurn = '5', name = 'api', spool = 'spool'] =
  process.argv.slice(2);
const { settings } = readSettings({ MONITORING_LOG_DIR: dir, ...process.env }, () => '');
const logging = createLogging({
  settings,
  resource: { 'service.name': 'shop' },
  version: '1.0.0',
  processId: `program-${process.pid}`,
  ownLog: createOwnLog({ dir, level: 'NONE' }),
  spool: spool === 'spool',
});
provideLogging(() => logging);
process.on('exit', () => {
  logging.flushSync();
  new StructuredLogger(name).info(`p${process.pid} exit`);
});

/** To the end, also when the pipe is full. */
function say(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

const logger = new StructuredLogger(name);
for (let index = 0; index < Number(records); index++) {
  logger.info(`p${process.pid} n${index}`, { index });
  say(`p${process.pid} n${index}\n`);
  if (index % Number(perTurn) === Number(perTurn) - 1) await turn();
}
switch (end) {
  case 'kill':
    process.kill(process.pid, 'SIGKILL');
    break;
  case 'wait':
    setInterval(() => undefined, 1000);
    break;
  case 'abort':
    process.abort();
    break;
  case 'exit':
    process.exit(9);
    break;
  case 'throw':
    throw new Error('uncaught');
  default:
}
