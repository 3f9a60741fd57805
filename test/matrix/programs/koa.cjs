const Koa = require('koa');
const Router = require('@koa/router');
const app = new Koa();
const router = new Router();
router.get('/users/:id', (context) => {
  context.body = context.params.id;
});
app.use(router.routes());
app.listen(0, '127.0.0.1', function () {
  console.log('listening', this.address().port);
});
