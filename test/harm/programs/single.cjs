const { closeOnTerm, serve } = require('./server.cjs');

const server = serve(process.env.PORT, 'app');
console.error('a line of the program on stderr');
closeOnTerm(() => {
  server.close(() => console.log('app closed'));
  server.closeIdleConnections();
});
