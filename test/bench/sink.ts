import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let sink: Promise<string> | undefined;

/** The address of an OTLP endpoint on loopback that takes everything and keeps nothing. One for all measurements. */
export async function startSink(): Promise<string> {
  sink ??= openSink();
  return sink;
}

async function openSink(): Promise<string> {
  const server = createServer((request, response) => {
    const json = request.headers['content-type'] === 'application/json';
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-type': request.headers['content-type'] ?? 'application/json' });
      response.end(json ? '{}' : '');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
