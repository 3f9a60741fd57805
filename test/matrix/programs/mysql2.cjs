// Per request: 1 CREATE, 1 INSERT, 3 SELECT: by promise, prepared, failing, callback.
const { createConnection } = require('mysql2');
const { createPool } = require('mysql2/promise');
const server = { host: '127.0.0.1', port: Number(process.env.MYSQL_PORT), user: 'root', password: '' };
let pool;

async function setUp() {
  const admin = createConnection(server);
  await new Promise((done, fail) =>
    admin.query('CREATE DATABASE IF NOT EXISTS shop', (error) => (error ? fail(error) : done())),
  );
  admin.end();
  pool = createPool({ ...server, database: 'shop', connectionLimit: 1 });
}

require('./serve.cjs')(async () => {
  if (!pool) await setUp();
  await pool.query('CREATE TABLE IF NOT EXISTS t (a INT)');
  await pool.execute('INSERT INTO t VALUES (?)', [1]);
  const [rows] = await pool.query('SELECT DISTINCT a FROM t');
  const failed = await pool.query('SELECT * FROM nowhere').catch((error) => error.code);
  const single = createConnection({ ...server, database: 'shop' });
  const called = await new Promise((done) =>
    single.query('SELECT 2 AS b', (error, result) => done(error ?? result)),
  );
  single.end();
  return { rows, failed, called };
});
