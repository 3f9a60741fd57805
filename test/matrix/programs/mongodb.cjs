// Per request: 1 DELETE, 2 INSERT, 1 FIND, 1 UPDATE, 1 AGGREGATE, and a command that fails on another database.
const { MongoClient } = require('mongodb');
let client;

require('./serve.cjs')(async () => {
  client ??= await MongoClient.connect(`mongodb://127.0.0.1:${process.env.MONGO_PORT}/shop`);
  const items = client.db().collection('items');
  await items.deleteMany({});
  await items.insertOne({ a: 1 });
  await items.insertMany([{ a: 2 }, { a: 3 }]);
  const found = await items.find({ a: { $gt: 0 } }).toArray();
  await items.updateOne({ a: 1 }, { $set: { b: 1 } });
  const grouped = await items.aggregate([{ $match: { a: 2 } }]).toArray();
  const failed = await client
    .db('other')
    .command({ nope: 1 })
    .catch((error) => error.codeName);
  return { found: found.length, grouped: grouped.length, failed };
});
