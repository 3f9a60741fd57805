// oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 takes rejected promises
import { setTimeout as delay } from 'node:timers/promises';
import { Router } from 'express';

/** /api/reports: the slow part of the shop. */
export function reports(database) {
  const router = Router();

  router.get('/sales/:period', async (request, response) => {
    const pairs = database.get('SELECT count(*) AS count FROM orders a, products b, products c').count;
    await delay(150 + (pairs % 200));
    const states = database.all('SELECT state, count(*) AS count FROM orders GROUP BY state');
    response.json({ period: request.params.period, states });
  });

  router.get('/stock', () => {
    throw new Error('the warehouse has no interface yet');
  });

  return router;
}
