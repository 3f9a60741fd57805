// Serves, and has a child that serves as well, by fork() or spawn(); starts it again when it has ended.
const { fork, spawn } = require('node:child_process');
const path = require('node:path');
const { closeOnTerm, serve } = require('./server.cjs');

const program = path.join(__dirname, 'child.cjs');
let closing = false;
let child;

function start() {
  child =
    process.argv[2] === 'fork'
      ? fork(program)
      : spawn(process.execPath, [program], { stdio: ['pipe', 'inherit', 'inherit'] });
  if (process.argv[2] === 'fork') {
    child.once('message', ({ echo }) => console.log(`child answers ${echo}`));
    child.send('hello');
  }
  child.once('exit', (code, signal) => {
    if (!closing) {
      console.log(`child ended: ${code} ${signal}`);
      start();
    }
  });
}

start();
const server = serve(process.env.PORT, 'app');
process.on('SIGHUP', () => child.kill('SIGTERM'));
closeOnTerm(() => {
  closing = true;
  child.kill('SIGTERM');
  server.close(() => console.log('app closed'));
  server.closeIdleConnections();
});
