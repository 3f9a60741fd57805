// Per request: 1 SET, 3 GET (two of them at once), 1 MULTI with INCR and EXEC, one command that fails.
const { createClient } = require('redis');

require('./serve.cjs')(async () => {
  const client = createClient({ url: `redis://127.0.0.1:${process.env.REDIS_PORT}`, database: 2 });
  await client.connect();
  await client.del('n');
  await client.set('a', '1');
  const one = await client.get('a');
  const both = await Promise.all([client.get('a'), client.get('b')]);
  const transaction = await client.multi().incr('n').exec();
  const failed = await client.sendCommand(['NOPE']).catch((error) => error.message);
  await client.quit();
  return { one, both, transaction, failed };
});
