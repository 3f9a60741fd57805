// An ordinary web shop: Express, a SQLite database, an assistant. It is set up by HOST, PORT, DATABASE_FILE,
// OPENAI_BASE_URL and PAYMENTS_URL.
import express from 'express';
import { openDatabase } from './database.js';
import { assistant } from './routes/assistant.js';
import { login } from './routes/login.js';
import { orders } from './routes/orders.js';
import { products } from './routes/products.js';
import { reports } from './routes/reports.js';
import { storefront } from './storefront.js';
import { apiLog } from './telemetry.js';

const {
  HOST = '127.0.0.1',
  PORT = '0',
  DATABASE_FILE = ':memory:',
  OPENAI_BASE_URL,
  PAYMENTS_URL,
} = process.env;

const database = openDatabase(DATABASE_FILE);
const app = express();
app.disable('x-powered-by');
app.use(express.json());

app.get('/', (request, response) => {
  response.send(storefront(database.all('SELECT id, name, price FROM products ORDER BY name')));
});

const api = express.Router();
api.use('/products', products(database));
api.use('/customers/:customerId/orders', orders(database, PAYMENTS_URL));
api.use('/login', login(database));
api.use('/assistant', assistant(database, OPENAI_BASE_URL));
api.use('/reports', reports(database));
app.use('/api', api);

// Express knows an error handler by its four parameters.
// oxlint-disable-next-line no-unused-vars
app.use((error, request, response, next) => {
  apiLog.log('ERROR', 'request failed', { path: request.path, reason: error.message });
  response.status(error.status ?? 500).json({ error: 'something went wrong' });
});

const server = app.listen(Number(PORT), HOST, () => {
  apiLog.log('INFO', 'shop opened', { port: server.address().port });
  console.log(`shop: http://127.0.0.1:${server.address().port}/`);
  process.send?.({ port: server.address().port });
});

// Under a process manager the shop ends with its manager.
if (process.connected) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
