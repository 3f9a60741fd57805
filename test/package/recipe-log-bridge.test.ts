import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { builtWith, programWith } from '../helpers/recipe.ts';
import { Service } from '../helpers/service.ts';

const bridge = `
import type { BridgedRecord } from '../../logging/log-bridge.ts';
import type { SourceRow } from '../seam/source.ts';

interface Chatter {
  say(name: string, text: string, data?: Readonly<Record<string, unknown>>): void;
}

/** Lines of the logger chatter. */
export const chatterSource: SourceRow<BridgedRecord> = {
  name: 'chatter',
  hooks: [
    {
      file: 'chatter/index.js',
      patch(exports, handle) {
        const chatter = exports as Chatter;
        const say = chatter.say;
        chatter.say = (logger, message, extras) => {
          say(logger, message, extras);
          handle.take({ logger, level: 'WARNING', message, extras, atMs: Date.now() });
        };
      },
    },
  ],
  observe: ({ logging }) => ({ take: (record) => logging.record(record) }),
};
`;

test('a log bridge is one file and one line: it takes over what was logged before the start, and starts nothing', async () => {
  const register = await builtWith({
    file: 'sources/loggers/chatter.ts',
    text: bridge,
    table: 'sources/sources.ts',
    row: 'chatterSource',
  });
  const cwd = programWith(
    `const chatter = require('chatter');
     chatter.say('till', 'opened', { drawer: 4 });
     require('node:http').createServer((q, s) => s.end()).listen(0, '127.0.0.1', function () {
       chatter.say('till', 'ready');
       console.log('listening', this.address().port);
     });`,
    { chatter: `exports.say = (name, text) => console.log(name + ': ' + text);` },
  );
  const env = { MONITORING_LOG_FORMAT: 'json' };
  await using service = new Service(join(cwd, 'app.cjs'), { cwd, env, nodeArgs: ['--require', register] });
  await service.url();
  await service.until(() => (service.dailyLines('till').length === 2 ? true : undefined), 'two lines');
  const lines = service.dailyLines('till').map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    lines.map(({ logger, level, message, drawer }) => [logger, level, message, drawer]),
    [
      ['till', 'WARNING', 'opened', 4],
      ['till', 'WARNING', 'ready', undefined],
    ],
  );
  assert.match(service.stdout, /^till: opened\ntill: ready\n/);

  const short = programWith(`require('chatter').say('till', 'over');`, {
    chatter: `exports.say = () => {};`,
  });
  await using script = new Service(join(short, 'app.cjs'), { cwd: short, nodeArgs: ['--require', register] });
  assert.deepEqual(await script.ended(), { code: 0, signal: null });
  assert.deepEqual(script.dailyLines('till'), []);
});
