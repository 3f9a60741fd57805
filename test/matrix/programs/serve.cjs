// Answers each request with what `work` returns, so that a run with the preload can be compared with one without.
const { createServer } = require('node:http');

module.exports = (work) =>
  createServer(async (_request, response) => {
    try {
      response.end(JSON.stringify(await work()));
    } catch (error) {
      response.statusCode = 500;
      response.end(error.stack);
    }
  }).listen(0, '127.0.0.1', function () {
    console.log('listening', this.address().port);
  });
