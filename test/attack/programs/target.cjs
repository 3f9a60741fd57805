// The service under attack: an ordinary server that logs, counts and records what clients send it.
const http = require('node:http');
const { AIMetricsCollector, DatabaseMetricsCollector, StructuredLogger } = require(process.env.PRODUCT);
// They take memory: made where they are used.
const special = process.env.SPECIAL_EXTRAS ? require('./special-extras.cjs') : {};

const database = new DatabaseMetricsCollector();
const ai = new AIMetricsCollector();

const acts = {
  ping: () => {},
  log: ({ logger, level, message, extras }) => new StructuredLogger(logger).log(level, message, extras),
  special: ({ name }) => new StructuredLogger('api').log('INFO', name, special[name]),
  query: ({ database: name, type }) => database.collect(name, type, 0.01),
  ai: ({ model }) => ai.collect(model, 0.1, { input: 1, output: 1 }),
};

/** Does what a client asks for; what the package throws is the answer. */
function perform(text) {
  const failed = [];
  for (const act of JSON.parse(text)) {
    try {
      acts[act.act](act);
    } catch (error) {
      failed.push(`${act.act}: ${error.message}`);
    }
  }
  return failed;
}

const server = http.createServer((request, response) => {
  if (request.method !== 'POST' || request.url !== '/act') return response.end('pong');
  const chunks = [];
  request
    .on('data', (chunk) => chunks.push(chunk))
    .on('error', () => {})
    .on('end', () => response.end(JSON.stringify(perform(Buffer.concat(chunks).toString()))));
});
// Connections of the probe outlive a busy second.
server.keepAliveTimeout = 60_000;
server.on('clientError', (_error, socket) => socket.destroy());
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listens'));
for (let series = 0; series < 300; series++)
  database.collect(`db${series}`, ['SELECT', 'INSERT', 'UPDATE'][series % 3], 0.01);
