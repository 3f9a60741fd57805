const { Hono } = require('hono');
const { serve } = require('@hono/node-server');
const app = new Hono();
app.get('/users/:id', (context) => context.text(context.req.param('id')));
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log('listening', port));
