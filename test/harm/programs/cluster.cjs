const cluster = require('node:cluster');
const { closeOnTerm, serve } = require('./server.cjs');

const WORKERS = 4;

if (cluster.isPrimary) {
  let closing = false;
  cluster.on('exit', (worker, code, signal) => {
    if (closing) return;
    if (!worker.exitedAfterDisconnect) console.log(`worker ended: ${code} ${signal}`);
    cluster.fork();
  });
  for (let n = 0; n < WORKERS; n++) cluster.fork();
  // One after the other, the next when the one before serves.
  process.on('SIGHUP', async () => {
    for (const worker of Object.values(cluster.workers)) {
      const next = new Promise((listening) => cluster.once('listening', listening));
      worker.disconnect();
      setTimeout(() => worker.process.kill('SIGKILL'), 5000).unref();
      await next;
    }
    console.log('reloaded');
  });
  closeOnTerm(() => {
    closing = true;
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM');
  });
} else {
  const server = serve(process.env.PORT, 'app');
  closeOnTerm(() => {
    server.close(() => process.disconnect());
    server.closeIdleConnections();
  });
}
