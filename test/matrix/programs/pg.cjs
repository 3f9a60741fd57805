// Per request: 1 CREATE, 2 INSERT, 6 SELECT: by promise, callback, prepared, failing, cursor, emitted events.
const { Pool, Query } = require('pg');
const Cursor = require('pg-cursor');
const pool = new Pool({ max: 1 });

require('./serve.cjs')(async () => {
  await pool.query('CREATE TABLE IF NOT EXISTS t (a int)');
  await pool.query('INSERT INTO t VALUES ($1)', [1]);
  await pool.query({ name: 'insert', text: 'INSERT INTO t VALUES ($1)', values: [2] });
  const { rows } = await pool.query('SELECT DISTINCT a FROM t ORDER BY a');
  const called = await new Promise((done) =>
    pool.query('SELECT 2 AS b', (error, result) => done(error ?? result.rows)),
  );
  const failed = await pool.query('SELECT * FROM nowhere').catch((error) => error.code);
  const syntax = await pool.query('SELECT FROM WHERE').catch((error) => error.code);
  const client = await pool.connect();
  const cursor = client.query(new Cursor('SELECT generate_series(1, 5) AS n'));
  const read = await cursor.read(2);
  await cursor.close();
  const events = await new Promise((done, fail) => {
    const seen = [];
    const query = client.query(new Query('SELECT 3 AS c'));
    query
      .on('row', (row) => seen.push(row))
      .on('end', () => done(seen))
      .on('error', fail);
  });
  client.release();
  return { rows, called, failed, syntax, read, events };
});
