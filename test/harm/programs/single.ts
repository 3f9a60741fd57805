// Run by tsx, which compiles it: the annotations are the point.
const { closeOnTerm, serve } = require('./server.cjs') as {
  serve: (
    port: string | undefined,
    name: string,
  ) => { close: (done: () => void) => void; closeIdleConnections: () => void };
  closeOnTerm: (close: () => void) => void;
};

const server = serve(process.env.PORT, 'app');
console.error('a line of the program on stderr');
closeOnTerm(() => {
  server.close(() => console.log('app closed'));
  server.closeIdleConnections();
});
