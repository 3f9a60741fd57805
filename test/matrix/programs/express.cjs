const express = require('express');
const app = express();
const users = express.Router();
users.get('/:id', (request, response) => response.send(request.params.id));
app.use('/users', users);
app.listen(0, '127.0.0.1', function () {
  console.log('listening', this.address().port);
});
