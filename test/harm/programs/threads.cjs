// Serves, and has a worker thread that serves as well; starts it again when it has ended.
const { isMainThread, Worker } = require('node:worker_threads');
const { closeOnTerm, serve } = require('./server.cjs');

if (isMainThread) {
  let closing = false;
  let worker;
  const start = () => {
    worker = new Worker(__filename);
    worker.once('exit', (code) => {
      if (!closing) {
        console.log(`thread ended: ${code}`);
        start();
      }
    });
  };
  start();
  const server = serve(process.env.PORT, 'app');
  process.on('SIGUSR2', () => void worker.terminate());
  process.on('SIGHUP', () => worker.postMessage('close'));
  closeOnTerm(() => {
    closing = true;
    worker.postMessage('close');
    server.close(() => console.log('app closed'));
    server.closeIdleConnections();
  });
} else {
  const { parentPort } = require('node:worker_threads');
  const server = serve(process.env.CHILD_PORT, 'thread');
  parentPort.once('message', () => server.close());
}
