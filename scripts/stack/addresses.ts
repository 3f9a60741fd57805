import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { ComposeService } from './compose-file.ts';
import { serviceNames, stackService, type ServiceName } from './services.ts';

/** The address of each port of each service on this machine: `otelcol:4318` → `127.0.0.1:4318`. */
export type Addresses = ReadonlyMap<string, string>;

const LOOPBACK = '127.0.0.1';

const key = (service: ServiceName, port: number): string => `${service}:${port}`;

/** The address of one port of a service. Throws when the service has no such port. */
export function addressOf(addresses: Addresses, service: ServiceName, port: number): string {
  const address = addresses.get(key(service, port));
  if (address === undefined) throw new Error(`${service} has no port ${port}`);
  return address;
}

/** The addresses that docker-compose.yml publishes; a port that it does not publish keeps its number. */
export function publishedAddresses(services: Readonly<Record<string, ComposeService>>): Addresses {
  const addresses = new Map<string, string>();
  for (const name of serviceNames) {
    for (const { port } of stackService(name).listeners) {
      const published = services[name]?.ports.find(({ inside }) => inside === port)?.published;
      addresses.set(key(name, port), `${LOOPBACK}:${published ?? port}`);
    }
  }
  return addresses;
}

/** A free port for each port of each service; all are held at once, so that they differ. */
export async function freeAddresses(): Promise<Addresses> {
  const held = await Promise.all(
    serviceNames.flatMap((name) =>
      stackService(name).listeners.map(async ({ port }) => {
        const server = createServer().listen(0, LOOPBACK);
        await once(server, 'listening');
        return { name: key(name, port), server, free: (server.address() as AddressInfo).port };
      }),
    ),
  );
  await Promise.all(
    held.map(
      async ({ server }) =>
        new Promise((resolve) => {
          server.close(resolve);
        }),
    ),
  );
  return new Map(held.map(({ name, free }) => [name, `${LOOPBACK}:${free}`]));
}

/** Replaces the addresses of services between containers with local ones. */
export function translateAddresses(text: string, addresses: Addresses): string {
  return text.replaceAll(/(?<![\w.-])[a-z]+:\d+\b/g, (found) => addresses.get(found) ?? found);
}

/** Resolves to whether something already listens at an address. */
export async function isTaken(address: string): Promise<boolean> {
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(true));
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      server.close(() => resolve(false));
    });
  });
}
