import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { connections, databaseLog, timedQuery } from './telemetry.js';

const PRODUCTS = [
  ['Compass', 24_900],
  ['Protractor', 7_900],
  ['Set square', 5_900],
  ['Slide rule', 129_000],
  ['Abacus', 34_900],
  ['Spirit level', 18_900],
  ['Plumb line', 9_900],
  ['Dividers', 21_900],
];
const CUSTOMERS = ['ada', 'emmy', 'euclid', 'hypatia', 'sofia'];

/** The shop's database: `all`, `get` and `run` take a statement and its values; `close` ends it. */
export function openDatabase(file) {
  const name = basename(file);
  const connection = new DatabaseSync(file);
  const statements = new Map();
  connections(name, 1);

  function prepared(sql) {
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = connection.prepare(sql)));
    return statement;
  }

  const database = {
    all: (sql, ...values) => timedQuery(name, sql, () => prepared(sql).all(...values)),
    get: (sql, ...values) => timedQuery(name, sql, () => prepared(sql).get(...values)),
    run: (sql, ...values) => timedQuery(name, sql, () => prepared(sql).run(...values)),
    close() {
      connections(name, 0);
      connection.close();
    },
  };

  connection.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS reviews (id INTEGER PRIMARY KEY, product INTEGER NOT NULL, stars INTEGER NOT NULL, text TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, password TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL, product INTEGER NOT NULL, state TEXT NOT NULL);
  `);
  if (database.get('SELECT count(*) AS count FROM products').count === 0) {
    for (const [product, price] of PRODUCTS) {
      database.run('INSERT INTO products (name, price) VALUES (?, ?)', product, price);
    }
    for (const customer of CUSTOMERS) {
      database.run('INSERT INTO customers (name, password) VALUES (?, ?)', customer, `${customer}-1234`);
    }
    databaseLog.log('INFO', 'database filled', { products: PRODUCTS.length, customers: CUSTOMERS.length });
  }
  return database;
}
