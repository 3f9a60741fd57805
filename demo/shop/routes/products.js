import { Router } from 'express';

/** /api/products, with the reviews of a product as a router of their own below it. */
export function products(database) {
  const router = Router();

  router.get('/', (request, response) => {
    response.json(database.all('SELECT id, name, price FROM products ORDER BY name'));
  });

  router.get('/:productId', (request, response) => {
    const product = database.get(
      'SELECT id, name, price FROM products WHERE id = ?',
      request.params.productId,
    );
    if (product) response.json(product);
    else response.status(404).json({ error: 'no such product' });
  });

  router.use('/:productId/reviews', reviews(database));
  return router;
}

function reviews(database) {
  const router = Router({ mergeParams: true });

  router.get('/', (request, response) => {
    response.json(
      database.all('SELECT stars, text FROM reviews WHERE product = ?', request.params.productId),
    );
  });

  router.post('/', (request, response) => {
    const { stars, text } = request.body;
    if (!(stars >= 1 && stars <= 5)) return response.status(400).json({ error: 'stars: expected 1 to 5' });
    const added = database.run(
      'INSERT INTO reviews (product, stars, text) VALUES (?, ?, ?)',
      request.params.productId,
      stars,
      String(text),
    );
    return response.status(201).json({ id: Number(added.lastInsertRowid) });
  });

  return router;
}
