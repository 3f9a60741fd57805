import type { Command, ExitCode } from '../command.ts';
import { askSilences, describeSilence, silenceError, silenceJson } from '../remote/silence-client.ts';

const options = {
  json: { type: 'boolean', description: 'print one JSON object' },
} as const;

export const command: Command<typeof options> = {
  args: '<id>',
  about: [
    'Expires a silence now: alerts that it muted and that are still firing are notified. A unique prefix of the id is enough.',
    'Run it in the folder and with the environment of the service; `silence list` shows the ids.',
  ],
  options,
  async run({ json }, args, io): Promise<ExitCode> {
    const [id, ...more] = args;
    if (id === undefined || more.length > 0) {
      throw silenceError('id', 'one id from `silence list`', id === undefined ? 'none' : args.join(' '));
    }
    for (const silence of await askSilences({ do: 'remove', id }, io)) {
      io.out(json ? `${JSON.stringify(silenceJson(silence))}\n` : describeSilence(silence, io));
    }
    return 0;
  },
};
