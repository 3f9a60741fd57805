import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { nativeServices } from '../../scripts/stack/native-stack.ts';
import { repository } from '../../scripts/stack/programs.ts';
import { atEnd } from '../helpers/stack/at-end.ts';
import { eventually } from '../helpers/stack/eventually.ts';
import { temporaryFolder, unlessBuilt } from '../helpers/stack/stack.ts';

interface Command {
  readonly child: ChildProcess;
  output(): string;
  /** Waits until it has printed something. */
  said(pattern: RegExp): Promise<string>;
  ended(): Promise<number | null>;
}

function runStack(
  context: TestContext,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Command {
  const child = spawn(process.execPath, [join(repository, 'scripts', 'stack', 'main.ts'), ...args], {
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: temporaryFolder(context), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  atEnd(context, () => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = once(child, 'close');
  return {
    child,
    output: () => output,
    said: async (pattern) =>
      eventually(async () => {
        assert.match(output, pattern);
        return output;
      }),
    async ended() {
      await exited;
      return child.exitCode;
    },
  };
}

const addressesIn = (output: string): readonly string[] => output.match(/127\.0\.0\.1:\d+/g) ?? [];

async function answers(address: string): Promise<boolean> {
  return fetch(`http://${address}/`, { signal: AbortSignal.timeout(2000) }).then(
    () => true,
    // A mail server answers, though not in HTTP.
    (error: Error) => !String(error.cause).includes('ECONNREFUSED'),
  );
}

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  test(
    `the stack prints addresses that answer, and nothing of it is left after ${signal}`,
    { skip: unlessBuilt(nativeServices) },
    async (context) => {
      const command = runStack(context, ['--native', '--ports', 'free', '--fresh']);
      const addresses = new Set(addressesIn(await command.said(/Ctrl-C stops the stack/)));
      assert.equal(addresses.size, 6, command.output());
      for (const address of addresses) assert.ok(await answers(address), address);
      command.child.kill(signal);
      assert.equal(await command.ended(), signal === 'SIGINT' ? 0 : null, command.output());
      for (const address of addresses) {
        await eventually(async () => assert.equal(await answers(address), false, `${address} is closed`));
      }
    },
  );
}

test(
  'a port that is taken is named, with the way out, and nothing is left running',
  { skip: unlessBuilt(nativeServices) },
  async (context) => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    atEnd(context, () => void holder.close());
    const { port } = holder.address() as AddressInfo;
    const command = runStack(context, ['--native', '--fresh'], { MAILPIT_PORT: String(port) });
    assert.equal(await command.ended(), 1);
    assert.match(
      command.output(),
      new RegExp(`mailpit: 127\\.0\\.0\\.1:${port} is already in use.*--ports free`),
    );
  },
);

test('without a container engine the stack names what is missing', async (context) => {
  const command = runStack(context, ['--compose'], { PATH: '' });
  assert.equal(await command.ended(), 1);
  assert.match(command.output(), /no container engine is running/);
});
