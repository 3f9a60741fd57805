const { closeOnTerm, serve } = require('./server.cjs');

const server = serve(process.env.PORT, 'app');
console.error('a line of the program on stderr');
closeOnTerm(() => {
  server.close(() => {
    console.log('app closed');
    // The channel of pm2 would hold it open.
    if (process.connected) process.disconnect();
  });
  server.closeIdleConnections();
});
