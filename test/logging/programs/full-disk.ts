// Logs more than its file size limit takes and prints how many records there were and what became of them.
// Arguments: folder, `spool` or `file`.
import { readSettings } from '../../../src/config/read-settings.ts';
import { provideLogging } from '../../../src/logging/current-logging.ts';
import { createLogging } from '../../../src/logging/logging.ts';
import { createOwnLog } from '../../../src/own-log/own-log.ts';
import { StructuredLogger } from '../../../src/logging/structured-logger.ts';

const [dir = '', kind = ''] = process.argv.slice(2);
const { settings } = readSettings({ MONITORING_LOG_DIR: dir }, () => '');
const logging = createLogging({
  settings,
  resource: { 'service.name': 'shop' },
  version: '1.0.0',
  processId: 'program',
  ownLog: createOwnLog({ dir, level: 'NONE' }),
  spool: kind === 'spool',
});
provideLogging(() => logging);
const logger = new StructuredLogger('api');
const records = 1500;
for (let index = 0; index < records; index++) logger.info(`n${index} ${'x'.repeat(100)}`);
logging.flushSync();
const before = logging.stats().lost.file;
logging.close();
const { file, spool } = logging.stats().lost;
console.log(JSON.stringify({ records, lost: before, waiting: file - before, notSpooled: spool }));
