// A substitute for the built monitor: reports how it was started, then does what its messages ask for.
const { parentPort, workerData } = require('node:worker_threads');

parentPort.postMessage({
  kind: 'started',
  workerData,
  argv: process.argv.slice(2),
  execArgv: process.execArgv,
  nodeOptions: process.env.NODE_OPTIONS,
  other: process.env.OTHER,
});
parentPort.on('message', (message) => {
  if (message.kind === 'exit') process.exit(0);
  if (message.kind === 'throw') throw new Error('thrown in the monitor');
  if (message.kind === 'fill') {
    const all = [];
    for (;;) all.push(Array.from({ length: 1000 }, Math.random));
  }
  if (message.kind === 'answer') parentPort.postMessage(message.message);
  else parentPort.postMessage({ kind: 'echo', message });
});
