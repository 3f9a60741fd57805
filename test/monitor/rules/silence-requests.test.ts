import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SilenceAnswer, SilenceRequest, SilenceView } from '../../../src/link/silence-messages.ts';
import { answerSilence } from '../../../src/monitor/rules/silence-requests.ts';
import { MemoryStateFile, Rig } from '../../helpers/alerts/rig.ts';

const HOT = '- {name: Hot, condition: temperature > 30, severity: page}';
const HOUR_MS = 3_600_000;
const ADD = {
  do: 'add',
  matchers: 'alertname="Hot"',
  forMs: HOUR_MS,
  comment: 'works',
  createdBy: 'me',
} as const;

const ask = (rig: Rig, request: SilenceRequest): SilenceAnswer =>
  answerSilence(request, rig.notifier, rig.log, rig.nowMs);

function silences(answer: SilenceAnswer): readonly SilenceView[] {
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.silences;
}

test('an added silence is answered and listed with what it mutes now, and is saved at once', async () => {
  const stateFile = new MemoryStateFile();
  const rig = new Rig({ rules: HOT, stateFile });
  await rig.gauge('temperature', 35, { room: 'a' }).at(0);
  const [added] = silences(ask(rig, ADD));
  assert.deepEqual(
    { ...added, id: '' },
    {
      id: '',
      matchers: 'alertname="Hot"',
      comment: 'works',
      createdBy: 'me',
      startsAtMs: rig.nowMs,
      endsAtMs: rig.nowMs + HOUR_MS,
      state: 'active',
      mutes: [{ alertname: 'Hot', labels: { room: 'a', severity: 'page' } }],
    },
  );
  assert.ok(stateFile.text?.includes(added!.id));
  assert.deepEqual(silences(ask(rig, { do: 'list' })), [added]);
  await rig.gauge('temperature', 20, { room: 'a' }).at(15);
  assert.deepEqual(silences(ask(rig, { do: 'list' }))[0]?.mutes, []);
});

test('a removed silence is returned as ended, and what it muted is sent', async () => {
  const rig = new Rig({ rules: HOT });
  const [added] = silences(ask(rig, ADD));
  await rig.gauge('temperature', 35).at(0);
  await rig.until(60);
  assert.deepEqual(rig.list.sent, []);
  const [removed] = silences(ask(rig, { do: 'remove', id: added!.id.slice(0, 8) }));
  assert.equal(removed?.state, 'expired');
  assert.equal(removed?.endsAtMs, rig.nowMs);
  assert.ok(rig.notifier.nextDueMs()! <= rig.nowMs);
  await rig.at(61);
  assert.deepEqual(rig.list.sent, ['Hot |']);
  assert.deepEqual(
    rig.log.lines.filter((line) => line.includes('silence')).map((line) => line.replace(/\d{4}-\S+Z/, 'T')),
    [
      'INFO alerts: silence until T: {"matchers":"alertname=\\"Hot\\"","createdBy":"me"}',
      'INFO alerts: silence removed: {"matchers":"alertname=\\"Hot\\"","createdBy":"me"}',
    ],
  );
});

test('a refusal names what was expected, and changes nothing', () => {
  const rig = new Rig({ rules: HOT });
  const refused = (request: SilenceRequest): string => {
    const answer = ask(rig, request);
    assert.ok(!answer.ok);
    return `${answer.where}: expected ${answer.expected}, got ${answer.got}`;
  };
  assert.match(
    refused({ ...ADD, matchers: 'severity=critical' }),
    /^1:10 of severity=critical: expected matchers such as .*, got unexpected/,
  );
  assert.match(refused({ ...ADD, forMs: 0 }), /expected some time/);
  assert.match(refused({ ...ADD, forMs: Number.NaN }), /expected some time/);
  assert.match(refused({ do: 'remove', id: 'x' }), /^x: expected the id of an active or pending silence/);
  assert.match(refused({ do: 'remove', id: '' }), /^the id: /);
  // From a command line of another version.
  for (const strange of [{ do: 'extend' }, { do: 'add', forMs: 1 }, {}]) {
    assert.match(
      refused(strange as SilenceRequest),
      /^the request: expected a request that this version of the monitor knows/,
    );
  }
  assert.deepEqual(silences(ask(rig, { do: 'list' })), []);
  const ids = Array.from({ length: 17 }, () => silences(ask(rig, ADD))[0]!.id);
  // Of 17 random ids two begin with the same digit.
  const twice = ids.map(([digit = '']) => digit).find((digit, i, all) => all.indexOf(digit) !== i)!;
  assert.match(refused({ do: 'remove', id: twice }), /got the beginning of \d+ silences$/);
});

test('M7 a silence with fields of other types, too long or too costly is refused, and the state stays readable', async () => {
  const stateFile = new MemoryStateFile();
  const rig = new Rig({ rules: HOT, stateFile });
  await rig.gauge('temperature', 35).at(0);
  const forged: readonly Readonly<Record<string, unknown>>[] = [
    { ...ADD, comment: 5 },
    { ...ADD, comment: 'x'.repeat(2000) },
    { ...ADD, createdBy: null },
    { ...ADD, matchers: ['a'] },
    { ...ADD, matchers: `alertname="${'x'.repeat(20_000)}"` },
    { ...ADD, matchers: 'alertname=~"(a{100}){100}"' },
    { ...ADD, matchers: 'alertname=~"[a-z]{0,900}b.*[a-z]{0,900}"' },
    { ...ADD, forMs: 'long' },
  ];
  for (const request of forged) {
    const answer = ask(rig, request as unknown as SilenceRequest);
    assert.equal(answer.ok, false, JSON.stringify(request).slice(0, 80));
  }
  assert.deepEqual(silences(ask(rig, { do: 'list' })), []);
});

test('silences have a number that they do not exceed; one that ended makes room', async () => {
  const rig = new Rig({ rules: HOT });
  await rig.gauge('temperature', 20).at(0);
  for (let i = 0; i < 200; i++) silences(ask(rig, { ...ADD, matchers: `room="${i}"` }));
  const answer = ask(rig, ADD);
  assert.ok(!answer.ok && answer.expected.includes('at most 200'));
  const [first] = silences(ask(rig, { do: 'list' }));
  silences(ask(rig, { do: 'remove', id: first!.id }));
  silences(ask(rig, ADD));
});
