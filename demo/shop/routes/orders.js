// oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 takes rejected promises
import { Router } from 'express';
import { apiLog } from '../telemetry.js';

/** /api/customers/:customerId/orders; an order is paid by asking the payment provider at `paymentsUrl`. */
export function orders(database, paymentsUrl) {
  const router = Router({ mergeParams: true });

  router.get('/', (request, response) => {
    response.json(
      database.all('SELECT id, product, state FROM orders WHERE customer = ?', request.params.customerId),
    );
  });

  router.post('/', (request, response) => {
    const added = database.run(
      "INSERT INTO orders (customer, product, state) VALUES (?, ?, 'open')",
      request.params.customerId,
      request.body.product,
    );
    const id = Number(added.lastInsertRowid);
    apiLog.log('INFO', 'order placed', { order: id, customer: request.params.customerId });
    response.status(201).json({ id });
  });

  router.post('/:orderId/pay', async (request, response) => {
    const { orderId } = request.params;
    const order = database.get('SELECT id, product FROM orders WHERE id = ?', orderId);
    if (!order) return response.status(404).json({ error: 'no such order' });
    const payment = await fetch(`${paymentsUrl}/payments`, {
      method: 'POST',
      body: JSON.stringify({ order: order.id }),
    });
    await payment.arrayBuffer();
    if (!payment.ok) {
      apiLog.log('ERROR', 'payment refused', { order: order.id, status: payment.status });
      return response.status(502).json({ error: 'the payment provider does not answer as it should' });
    }
    database.run("UPDATE orders SET state = 'paid' WHERE id = ?", orderId);
    apiLog.log('INFO', 'order paid', { order: order.id });
    return response.json({ state: 'paid' });
  });

  return router;
}
