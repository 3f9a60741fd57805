// Sends requests over keep-alive connections from a process of its own: on `{port, requests, connections}`, where
// requests are [method, path] sent in turn `times` over. Raw sockets, so that it costs less than what it measures.
'use strict';
const net = require('node:net');

function head(method, path) {
  const length = method === 'GET' ? '' : 'content-length: 0\r\n';
  return Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${length}\r\n`);
}

/** Bytes of the first whole answer in `text`, or 0. */
function answerLength(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end + 2));
  if (!length) throw new Error(`an answer without content-length:\n${text.slice(0, end)}`);
  const whole = end + 4 + Number(length[1]);
  return text.length >= whole ? whole : 0;
}

process.on('message', ({ port, requests, times, connections }) => {
  const heads = requests.map(([method, path]) => head(method, path));
  const total = heads.length * times;
  let sent = 0;
  let answered = 0;
  let failed = 0;
  for (let n = 0; n < connections; n += 1) {
    let pending = '';
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    const next = () => {
      if (sent < total) socket.write(heads[sent++ % heads.length]);
      else socket.end();
    };
    socket.setEncoding('latin1');
    socket.once('connect', next);
    socket.on('data', (text) => {
      pending += text;
      const length = answerLength(pending);
      if (length === 0) return;
      if (!pending.startsWith('HTTP/1.1 200')) failed += 1;
      pending = pending.slice(length);
      answered += 1;
      if (answered === total) process.send({ done: { answered, failed } });
      next();
    });
    socket.once('error', (error) => {
      throw error;
    });
  }
});
process.once('disconnect', () => process.exit());
