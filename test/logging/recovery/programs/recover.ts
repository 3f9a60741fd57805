// Completes what ended processes left, as the next start does. Arguments: folder of the daily files, spool folder.
import { recoverSpool } from '../../../../src/logging/recovery/recover-spool.ts';
import { SpoolFolder } from '../../../../src/spool/spool-folder.ts';
import { createOwnLog } from '../../../../src/own-log/own-log.ts';

const [logDir = '', spoolDir = ''] = process.argv.slice(2);
const completed = recoverSpool(
  new SpoolFolder(spoolDir),
  logDir,
  createOwnLog({ dir: logDir, level: 'NONE' }),
  Date.now,
);
process.stdout.write(`${completed}\n`);
