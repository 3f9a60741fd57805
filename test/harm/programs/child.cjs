const { closeOnTerm, serve } = require('./server.cjs');

const server = serve(process.env.CHILD_PORT, 'child');
closeOnTerm(() => {
  process.stdin.destroy();
  server.closeIdleConnections();
  server.close(() => {
    if (process.connected) process.disconnect();
  });
});
process.on('message', (message) => process.send({ echo: message }));
// A child does not outlive its parent.
process.on('disconnect', () => server.close());
if (!process.send) process.stdin.resume().on('end', () => server.close());
