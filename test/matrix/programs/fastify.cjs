const app = require('fastify')();
app.get('/users/:id', (request, reply) => reply.send(request.params.id));
void app.listen({ port: 0, host: '127.0.0.1' }).then((url) => console.log('listening', new URL(url).port));
