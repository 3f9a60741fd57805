import type { Command, ExitCode } from '../command.ts';
import { counted } from '../terminal/paint.ts';
import { askSilences, describeSilence, silenceJson } from '../remote/silence-client.ts';

const options = {
  all: { type: 'boolean', description: 'also those that ended within the last five days' },
  json: { type: 'boolean', description: 'one JSON object' },
} as const;

export const command: Command<typeof options> = {
  args: '',
  about: [
    'The silences of the running monitor and what they mute now.',
    'Run it in the folder and with the environment of the service.',
  ],
  options,
  async run({ all, json }, _args, io): Promise<ExitCode> {
    const silences = await askSilences({ do: 'list' }, io);
    const shown = silences.filter(({ state }) => all || state !== 'expired');
    if (json) {
      io.out(`${JSON.stringify({ silences: shown.map(silenceJson) })}\n`);
      return 0;
    }
    for (const silence of shown) io.out(describeSilence(silence, io));
    io.out(`${counted(shown.length, 'silence')}\n`);
    return 0;
  },
};
