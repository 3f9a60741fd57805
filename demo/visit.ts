// Runs next to the demo shop in its container: the services it calls, and its visitors. Shares the loopback address of the
// shop; SHOP_URL is its address, PAYMENTS_PORT and AI_PORT are the ports of the services.
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
