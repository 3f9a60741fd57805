import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Channel } from '../../../src/alerts/notifications/channel.ts';
import { DeliveryError } from '../../../src/alerts/notifications/channel.ts';
import { createStateFile } from '../../../src/alerts/state/state-file.ts';
import { ListChannel, MemoryStateFile, Rig } from '../../helpers/alerts/rig.ts';

const HOT = '- {name: Hot, condition: temperature > 30, duration: 30s, keepFiringFor: 0s}';

/** A process that ran and is gone; its state file is all that is left. */
async function firing(stateFile: MemoryStateFile): Promise<Rig> {
  const rig = new Rig({ rules: HOT, stateFile });
  await rig.gauge('temperature', 35).at(0);
  await rig.until(45);
  assert.deepEqual(rig.list.sent, ['Hot |']);
  return rig;
}

describe('a restart', () => {
  test('a firing alert goes on without a second mail, and its end is sent', async () => {
    const stateFile = new MemoryStateFile();
    await firing(stateFile);
    const rig = new Rig({ rules: HOT, stateFile, second: 60 });
    await rig.gauge('temperature', 36).at(60);
    assert.deepEqual(rig.alerts, ['Hot firing']);
    await rig.until(120);
    assert.deepEqual(rig.list.sent, []);
    await rig.gauge('temperature', 20).at(135);
    assert.deepEqual(rig.list.sent, ['| Hot']);
  });

  test('an alert that is over is not resolved before the warm-up is, and then once', async () => {
    const stateFile = new MemoryStateFile();
    await firing(stateFile);
    const rig = new Rig({ rules: HOT, stateFile, second: 60 });
    await rig.at(60);
    await rig.at(75);
    assert.deepEqual(rig.alerts, ['Hot firing']);
    assert.equal(rig.evaluator.status().warmUntilMs, Rig.beginMs + 90_000);
    await rig.until(300);
    assert.deepEqual(rig.alerts, ['Hot resolved']);
    assert.deepEqual(rig.list.sent, ['| Hot']);
  });

  test('metrics that come back within the warm-up: no resolved and firing because of a deploy', async () => {
    const stateFile = new MemoryStateFile();
    await firing(stateFile);
    const rig = new Rig({ rules: HOT, stateFile, second: 60 });
    await rig.at(60);
    await rig.gauge('temperature', 35).at(75);
    await rig.until(300);
    assert.deepEqual(rig.list.sent, []);
    assert.deepEqual(rig.alerts, ['Hot firing']);
  });

  test('a pending alert keeps the time that it has waited, less the time in which nothing ran', async () => {
    const stateFile = new MemoryStateFile();
    const before = new Rig({ rules: HOT, stateFile });
    await before.gauge('temperature', 35).at(0);
    await before.at(15);
    before.evaluator.stop();
    const rig = new Rig({ rules: HOT, stateFile, second: 3600 });
    await rig.gauge('temperature', 35).at(3600);
    assert.deepEqual(rig.alerts, ['Hot pending']);
    await rig.at(3615);
    assert.deepEqual(rig.alerts, ['Hot firing']);
  });

  test('killed between evaluation and mail: the mail goes out after the start, once', async () => {
    const stateFile = new MemoryStateFile();
    const never: Channel = {
      name: 'list',
      title: 'never',
      send: () => new Promise(() => {}),
      close: () => {},
    };
    const killed = new Rig({
      rules: '- {name: Hot, condition: temperature > 30}',
      stateFile,
      channel: never,
    });
    killed.gauge('temperature', 35);
    await killed.evaluator.runOnce(killed.nowMs);
    const rig = new Rig({ rules: '- {name: Hot, condition: temperature > 30}', stateFile, second: 20 });
    await rig.gauge('temperature', 35).at(20);
    await rig.until(300);
    assert.deepEqual(rig.list.sent, ['Hot |']);
  });

  test('an alert that could not be sent before is sent after the start, even when it is over by then', async () => {
    const stateFile = new MemoryStateFile();
    const down: Channel = {
      name: 'list',
      title: 'down',
      send: () =>
        Promise.reject(
          new DeliveryError('down', {
            code: 'ECONNECTION',
            scope: 'receiver',
            permanent: false,
            help: 'wait',
          }),
        ),
      close: () => {},
    };
    const before = new Rig({ rules: '- {name: Hot, condition: temperature > 30}', stateFile, channel: down });
    await before.gauge('temperature', 35).at(0);
    await before.until(60);
    await before.gauge('temperature', 20).until(120);
    const rig = new Rig({ rules: '- {name: Hot, condition: temperature > 30}', stateFile, second: 600 });
    await rig.gauge('temperature', 20).at(600);
    await rig.until(900);
    assert.deepEqual(rig.list.sent, ['| Hot']);
    assert.equal(rig.list.messages[0]?.resolved[0]?.firedAtMs, Rig.beginMs);
  });

  test('the alert of a rule that is gone is sent as resolved, once, and not as firing for ever', async () => {
    const stateFile = new MemoryStateFile();
    await firing(stateFile);
    const rig = new Rig({
      rules: '- {name: Cold, condition: temperature < 0}',
      stateFile,
      second: 60,
      policy: { repeatMs: 600_000 },
    });
    await rig.gauge('temperature', 35).at(60);
    await rig.until(7200);
    assert.deepEqual(rig.alerts, []);
    assert.deepEqual(rig.list.sent, ['| Hot']);
  });

  test('groups by other labels than before: nothing is sent again, and the end is sent', async () => {
    const stateFile = new MemoryStateFile();
    await firing(stateFile);
    const policy = { groupBy: ['...'], repeatMs: 86_400_000 };
    const rig = new Rig({ rules: HOT, stateFile, second: 60, policy });
    await rig.gauge('temperature', 35).at(60);
    await rig.until(600);
    assert.deepEqual(rig.list.sent, []);
    await rig.gauge('temperature', 20).until(630);
    assert.deepEqual(rig.list.sent, ['| Hot']);
  });

  test('a channel that takes other alerts than before forgets those that it no longer takes', async () => {
    const stateFile = new MemoryStateFile();
    await firing(stateFile);
    const picky = new ListChannel();
    Object.defineProperty(picky, 'accepts', { value: () => false });
    const rig = new Rig({ rules: HOT, stateFile, channel: picky, second: 60, policy: { repeatMs: 600_000 } });
    await rig.gauge('temperature', 35).at(60);
    await rig.until(3600);
    await rig.gauge('temperature', 20).until(4000);
    assert.deepEqual(picky.sent, []);
  });

  test('a channel that is gone is forgotten', async () => {
    const stateFile = new MemoryStateFile();
    await firing(stateFile);
    const other = new ListChannel();
    Object.defineProperty(other, 'name', { value: 'other' });
    const rig = new Rig({ rules: HOT, stateFile, channel: other, second: 60 });
    await rig.gauge('temperature', 35).at(60);
    await rig.until(90);
    assert.deepEqual(other.sent, ['Hot |']);
  });
});

describe('a state file that cannot be used', () => {
  test('cut off at any byte: reported, kept, and everything starts empty', async () => {
    const whole = new MemoryStateFile();
    await firing(whole);
    const { text } = whole;
    assert.ok(text !== undefined && text.length > 300);
    for (let length = 0; length < text.length; length++) {
      const stateFile = new MemoryStateFile();
      const cut = text.slice(0, length);
      stateFile.text = cut;
      const rig = new Rig({ rules: HOT, stateFile, second: 60 });
      await rig.at(60);
      assert.deepEqual(rig.alerts, [], `cut at ${length}`);
      assert.equal(stateFile.aside, cut);
      assert.match(
        rig.log.lines.join('\n'),
        /\[MON_ALERT_STATE\] state\.json: .*kept as state\.json\.unusable/,
      );
    }
  });

  const hostile: readonly (readonly [string, (state: Record<string, unknown>) => unknown])[] = [
    ['of another version', (state) => ({ ...state, version: 2 })],
    ['with a list instead of an object', () => []],
    ['that is null', () => null],
    ['without a time', (state) => ({ ...state, savedAtMs: undefined })],
    ['with a time that is a text', (state) => ({ ...state, savedAtMs: 'now' })],
    ['with rules that are an object', (state) => ({ ...state, rules: {} })],
    ['with an alert that is a number', (state) => ({ ...state, rules: [{ id: 'a', alerts: [1] }] })],
    [
      'with an alert of an unknown kind',
      (state) => ({
        ...state,
        rules: [{ id: 'a', alerts: [{ kind: 'odd', labels: {}, annotations: {}, value: 1, activeAtMs: 1 }] }],
      }),
    ],
    [
      'with a label that is an object',
      (state) => ({
        ...state,
        rules: [
          {
            id: 'a',
            alerts: [{ kind: 'pending', labels: { a: {} }, annotations: {}, value: 1, activeAtMs: 1 }],
          },
        ],
      }),
    ],
    ['with a notifier that is a text', (state) => ({ ...state, notifier: 'x' })],
    ['with a channel without a state', (state) => ({ ...state, notifier: [{ channel: 'list' }] })],
  ];
  for (const [name, spoil] of hostile) {
    test(`${name}: reported, kept, and everything starts empty`, async () => {
      const stateFile = new MemoryStateFile();
      await firing(stateFile);
      stateFile.text = JSON.stringify(spoil(JSON.parse(stateFile.text ?? '') as Record<string, unknown>));
      const rig = new Rig({ rules: HOT, stateFile, second: 60 });
      await rig.gauge('temperature', 35).at(60);
      await rig.until(90);
      assert.deepEqual(rig.alerts, ['Hot firing']);
      assert.deepEqual(rig.list.sent, ['Hot |']);
      assert.ok(stateFile.aside !== undefined);
    });
  }

  test('names like __proto__ are labels as any other', async () => {
    const stateFile = new MemoryStateFile();
    await firing(stateFile);
    stateFile.text = stateFile.text!.replace('"annotations":{}', '"annotations":{"__proto__":"x"}');
    const rig = new Rig({ rules: HOT, stateFile, second: 60 });
    await rig.at(60);
    assert.deepEqual(rig.alerts, ['Hot firing']);
    assert.equal(({} as Record<string, unknown>)['x'], undefined);
  });
});

test('the state file on disk is replaced as a whole, and set aside by renaming', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'deep', 'alerts.json');
  const file = createStateFile(path);
  assert.equal(file.load(), undefined);
  file.save('{"a":1}');
  file.save('{"b":"ü"}');
  assert.equal(file.load(), '{"b":"ü"}');
  assert.equal(existsSync(`${path}.tmp`), false);
  // What a crash in the middle of a write leaves behind does not matter.
  writeFileSync(`${path}.tmp`, '{"c"');
  assert.equal(file.load(), '{"b":"ü"}');
  const aside = file.setAside();
  assert.equal(readFileSync(aside, 'utf8'), '{"b":"ü"}');
  assert.equal(file.load(), undefined);
});
