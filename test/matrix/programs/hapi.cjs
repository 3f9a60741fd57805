const server = require('@hapi/hapi').server({ port: 0, host: '127.0.0.1' });
server.route({ method: 'GET', path: '/users/{id}', handler: ({ params }) => params.id });
void server.start().then(() => console.log('listening', server.info.port));
