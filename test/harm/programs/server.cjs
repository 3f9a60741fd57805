// A server as it is run with a process manager: its answer names the request, so that every answer can be compared.
const http = require('node:http');

/** Listens on a port of the loopback; with GRACEFUL it closes on SIGTERM and SIGINT, else the signal ends it. */
exports.serve = (port, name) => {
  const server = http.createServer((request, response) => {
    response.setHeader('x-answer', name);
    response.end(`${name} ${request.method} ${request.url}\n`);
  });
  server.listen(Number(port), '127.0.0.1', () => console.log(`${name} listens`));
  return server;
};

exports.closeOnTerm = (close) => {
  if (!process.env.GRACEFUL) return;
  process.once('SIGTERM', close);
  // What pm2 sends.
  process.once('SIGINT', close);
};
