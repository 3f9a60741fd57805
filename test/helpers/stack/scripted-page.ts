import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { atEnd } from './at-end.ts';

/** The lines of a metrics page at a time after the begin of the script; undefined: the page cannot be read. */
export type Script = (second: number) => readonly string[] | undefined;

export interface ScriptedPage {
  /** `host:port`, as a target of Prometheus. */
  readonly address: string;
  /** From now on the seconds of the script pass; before, it stands at 0. */
  begin(): void;
}

/** A metrics page whose content follows a script over time. */
export async function scriptedPage(context: TestContext, script: Script): Promise<ScriptedPage> {
  let beganMs: number | undefined;
  const server = createServer((_request, response) => {
    const second = beganMs === undefined ? 0 : (performance.now() - beganMs) / 1000;
    const lines = script(second);
    if (lines === undefined) response.writeHead(500).end();
    else
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(`${lines.join('\n')}\n`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(context, () => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    begin() {
      beganMs = performance.now();
    },
  };
}
