import { Router } from 'express';
import { securityLog } from '../telemetry.js';

/** /api/login */
export function login(database) {
  const router = Router();

  router.post('/', (request, response) => {
    const { name, password } = request.body;
    const customer = database.get(
      'SELECT id FROM customers WHERE name = ? AND password = ?',
      String(name),
      String(password),
    );
    if (!customer) {
      securityLog.log('WARNING', 'login failed', { event: 'login_failed', user: String(name) });
      return response.status(401).json({ error: 'wrong name or password' });
    }
    securityLog.log('INFO', 'login', { event: 'login', user: String(name) });
    return response.json({ customer: customer.id });
  });

  return router;
}
