// Per request: 1 SET, 3 GET (two of them in a pipeline), 1 INCR in a transaction, one command that fails.
const Redis = require('ioredis');
const redis = new Redis(Number(process.env.REDIS_PORT), '127.0.0.1', { db: 3, enableReadyCheck: false });
redis.on('error', () => {});

require('./serve.cjs')(async () => {
  await redis.set('a', 1);
  const one = await redis.get('a');
  const pipeline = await redis.pipeline().get('a').get('b').exec();
  await redis.del('n');
  const transaction = await redis.multi().incr('n').exec();
  const failed = await redis.call('nope').catch((error) => error.message);
  return { one, pipeline, transaction, failed };
});
