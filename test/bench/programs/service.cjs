// The Express service that is measured. BENCH_ROUTES adds that many routes; BENCH_PROM_BUNDLE is the path of a
// middleware to use, set up as its readme says.
'use strict';
const express = require('express');
const { usage } = require('./report-usage.cjs');

const app = express();
if (process.env.BENCH_PROM_BUNDLE) {
  app.use(require(process.env.BENCH_PROM_BUNDLE)({ includeMethod: true, includePath: true }));
}

const orders = express.Router({ mergeParams: true });
orders.get('/:orderId', (request, response) => {
  response.json({ customer: request.params.customerId, order: request.params.orderId, state: 'paid' });
});
const api = express.Router();
api.get('/products/:productId', (request, response) => {
  response.json({ id: request.params.productId, name: 'Compass', price: 24_900 });
});
api.use('/customers/:customerId/orders', orders);
for (let n = 0; n < Number(process.env.BENCH_ROUTES ?? 0); n += 1) {
  api.all(`/route${n}/:id`, (request, response) => response.json({ id: request.params.id }));
}
app.use('/api', api);

let answered = false;
app.get('/first', (request, response) => {
  response.once('finish', () => {
    if (!answered) process.send({ first: usage() });
    answered = true;
  });
  response.json({ ready: true });
});

const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
