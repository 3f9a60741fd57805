const log = require('pino')({ name: 'shop' });

require('./serve.cjs')(() => {
  log.info({ order: 7 }, 'order %s placed', 'A7');
  log.child({ request: 'r1' }).warn('stock low');
  log.error(new TypeError('no card'));
  log.debug('never');
  return 'logged';
});
