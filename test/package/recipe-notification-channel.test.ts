import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SourceCopy } from '../helpers/source-copy.ts';

const CHANNEL = `import { writeSync } from 'node:fs';
import type { Channel, ChannelContext, ChannelSetup } from './channel.ts';

/** Writes each notification to stdout. */
function createStdoutChannel(service: string): Channel {
  return {
    name: 'stdout',
    title: 'standard output',
    send({ firing, resolved }) {
      for (const { kind, name, labels } of [...firing, ...resolved]) {
        writeSync(1, \`\${service}: \${name} \${kind} \${labels['severity'] ?? ''}\\n\`);
      }
      return Promise.resolve({ notes: [] });
    },
    close() {},
  };
}

export function setUpStdout({ service }: ChannelContext): ChannelSetup {
  return { channels: [createStdoutChannel(service)], problems: [] };
}
`;

test('a notification channel is one file and one row: it compiles, and alerts arrive through it', () => {
  const copy = new SourceCopy();
  copy.add('src/alerts/notifications/stdout-channel.ts', CHANNEL);
  const table = 'src/alerts/notifications/channels.ts';
  copy.insertAfter(
    table,
    "import { setUpMail } from './mail/mail-channel.ts';",
    "import { setUpStdout } from './stdout-channel.ts';",
  );
  copy.insertAfter(
    table,
    "  { name: 'mail', setUp: setUpMail },",
    "  { name: 'stdout', setUp: setUpStdout },",
  );
  assert.equal(copy.compile(), '');
  const printed = copy.run(`
    import { readSettings } from './src/config/read-settings.ts';
    import { createNotifier } from './src/alerts/notifications/create-notifier.ts';
    const settings = readSettings({}).settings;
    let nowMs = 1_000_000;
    const ignore = () => {};
    const ownLog = { debug: ignore, info: ignore, warning: ignore, error: ignore, problem: ignore, problems: ignore };
    const notifier = createNotifier({ settings, service: 'shop', ownLog, now: () => nowMs });
    const rule = { expr: 'up == 0', forMs: 0, where: 'rules.yml:1:1' };
    const common = { id: 'a', name: 'Down', labels: { severity: 'critical' }, annotations: {}, value: 0, rule };
    const times = { activeAtMs: nowMs, firedAtMs: nowMs, evaluatedAtMs: nowMs };
    notifier.update([{ ...common, ...times, kind: 'firing' }], nowMs);
    nowMs = notifier.nextDueMs();
    notifier.run(nowMs);
    await notifier.settled();
    notifier.update([{ ...common, ...times, kind: 'resolved', resolvedAtMs: nowMs }], nowMs);
    nowMs = notifier.nextDueMs();
    notifier.run(nowMs);
    await notifier.settled();
    notifier.close();
  `);
  assert.equal(printed, 'shop: Down firing critical\nshop: Down resolved critical\n');
});
