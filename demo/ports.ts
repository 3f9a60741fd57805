import { createServer, type AddressInfo, type Server } from 'node:net';

const METRICS_PORT = 9464;
/** A lock: the demo that listens here may use 9464, so that two demos started together do not collide. */
const CLAIM_PORT = 9463;

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}

async function close(server: Server): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
  });
}

export interface MetricsPort {
  readonly port: number;
  release(): void;
}

/** The port for /metrics: 9464 if it is free, else any free one. */
export async function takeMetricsPort(): Promise<MetricsPort> {
  const claim = await listen(CLAIM_PORT);
  const wanted = claim && (await listen(METRICS_PORT));
  const probe = wanted ?? (await listen(0));
  if (!probe) throw new Error('no free port on 127.0.0.1');
  const { port } = probe.address() as AddressInfo;
  await close(probe);
  if (!wanted) claim?.close();
  else claim.unref();
  return { port, release: () => void claim?.close() };
}
