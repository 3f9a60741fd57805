// What surrounds the demo's shop in its container: the services that it calls, and visitors. It shares the shop's
// loopback address; SHOP_URL says where the shop is, PAYMENTS_PORT and AI_PORT where it looks for the others.
import { interruption } from './interruption.ts';
import { startOutsideWorld } from './outside-world.ts';
import { sendVisitors } from './visitors.ts';

const { SHOP_URL = 'http://127.0.0.1:8080', PAYMENTS_PORT = '8092', AI_PORT = '8091' } = process.env;

const interrupted = interruption();
const ended = new Promise<void>((resolve) => {
  interrupted.signal.addEventListener('abort', () => resolve());
});
const world = await startOutsideWorld({ payments: Number(PAYMENTS_PORT), ai: Number(AI_PORT) });
const visitors = sendVisitors(SHOP_URL);
await ended;
await visitors.leave();
await world.close();
interrupted.forget();
