import type { Command, ExitCode } from '../command.ts';
import { counted } from '../terminal/paint.ts';
import { askSilences, describeSilence, silenceJson } from '../remote/silence-client.ts';

const options = {
  all: { type: 'boolean', description: 'include silences expired in the last five days' },
  json: { type: 'boolean', description: 'print one JSON object' },
} as const;

export const command: Command<typeof options> = {
  args: '',
  about: [
    'Lists the silences of the running monitor and the alerts they mute.',
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
