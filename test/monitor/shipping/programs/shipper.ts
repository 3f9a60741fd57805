// A shipper in a process of its own, until it is killed. Arguments: folder of the daily files, spool folder, address.
import { createOwnLog } from '../../../../src/own-log/own-log.ts';
import { createSpoolShipper } from '../../../../src/monitor/shipping/shipper.ts';

const [logDir = '', dir = '', url = ''] = process.argv.slice(2);
createSpoolShipper({
  dir,
  logDir,
  url,
  headers: {},
  timeoutMs: 700,
  ownLog: createOwnLog({ dir: logDir, level: 'NONE' }),
  pollMs: 20,
  pauses: { firstMs: 5, maxMs: 20 },
  batchRecords: 50,
});
setInterval(() => undefined, 1000);
