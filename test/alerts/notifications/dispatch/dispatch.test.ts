import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { array, assert as check, boolean, integer, property, record, subarray } from 'fast-check';
import { Checked } from '../../../../src/alerts/state/checked.ts';
import type { AlertUpdate } from '../../../../src/alerts/notifications/alert-update.ts';
import {
  initialReceiverState,
  nextDueMs,
  nextSend,
  type Outcome,
  receive,
  type ReceiverState,
  settle,
} from '../../../../src/alerts/notifications/dispatch/dispatch.ts';
import type { NotificationMessage } from '../../../../src/alerts/notifications/notification-message.ts';
import {
  defaultPolicy,
  type NotifyPolicy,
  retryDelayMs,
} from '../../../../src/alerts/notifications/dispatch/notify-policy.ts';
import {
  restoreReceiver,
  saveReceiver,
} from '../../../../src/alerts/notifications/dispatch/saved-receiver.ts';

const BEGIN_MS = 1_700_000_000_000;
const DELIVERED: Outcome = { kind: 'delivered' };
const DOWN: Outcome = { kind: 'failed', scope: 'receiver', permanent: false, error: 'ECONNREFUSED' };

/** One receiver on a clock that the test sets, in seconds. */
class Desk {
  readonly policy: NotifyPolicy;
  state: ReceiverState;
  second = 0;
  outcome: Outcome = DELIVERED;
  readonly messages: NotificationMessage[] = [];
  attempts = 0;
  readonly #firedAt = new Map<string, number>();

  constructor(policy: Partial<NotifyPolicy> = {}) {
    this.policy = { ...defaultPolicy, groupWaitMs: 10_000, groupIntervalMs: 60_000, ...policy };
    this.state = initialReceiverState(this.nowMs, this.policy);
  }

  get nowMs(): number {
    return BEGIN_MS + this.second * 1000;
  }

  #update(kind: AlertUpdate['kind'], id: string): AlertUpdate {
    const firedAtMs = this.#firedAt.get(id) ?? this.nowMs;
    if (kind === 'firing') this.#firedAt.set(id, firedAtMs);
    else this.#firedAt.delete(id);
    const name = id.split('/')[0] ?? id;
    const rule = { expr: 'x > 1', forMs: 0, where: 'r.yml:1:1' };
    const common = {
      id,
      name,
      labels: { severity: 'page' },
      annotations: {},
      value: 1,
      activeAtMs: firedAtMs,
      firedAtMs,
      evaluatedAtMs: this.nowMs,
      rule,
    };
    return kind === 'firing' ? { kind, ...common } : { kind, ...common, resolvedAtMs: this.nowMs };
  }

  /** At this second an evaluation found these alerts firing and these resolved. */
  at(second: number, firing: readonly string[], resolved: readonly string[] = []): this {
    this.run(second);
    const updates = [
      ...firing.map((id) => this.#update('firing', id)),
      ...resolved.map((id) => this.#update('resolved', id)),
    ];
    this.state = receive(this.state, updates, this.nowMs, this.policy);
    this.#send();
    return this;
  }

  /** Lets the time pass, sending whenever something is due. */
  run(second: number): this {
    for (;;) {
      const dueMs = nextDueMs(this.state, this.policy);
      if (dueMs === undefined || dueMs > BEGIN_MS + second * 1000) break;
      this.second = Math.max(this.second, (dueMs - BEGIN_MS) / 1000);
      if (!this.#send() && nextDueMs(this.state, this.policy) === dueMs)
        assert.fail(`stuck at ${this.second} s`);
    }
    this.second = second;
    return this;
  }

  #send(): boolean {
    for (let sent = false; ; sent = true) {
      const { state, message } = nextSend(this.state, this.nowMs, this.policy);
      this.state = state;
      if (message === undefined) return sent;
      this.attempts++;
      this.state = settle(this.state, message, this.outcome, this.nowMs, this.policy);
      if (this.outcome.kind === 'delivered') this.messages.push(message);
    }
  }

  /** What arrived, as `reason: firing | resolved`. */
  get sent(): readonly string[] {
    return this.messages.map(({ reason, firing, resolved }) => {
      const ids = (list: readonly AlertUpdate[]): string => list.map(({ id }) => id).join(' ');
      return `${reason}: ${ids(firing)} | ${ids(resolved)}`;
    });
  }
}

describe('what is sent, and when', () => {
  test('a firing alert once, after the wait of the group, and its end once', () => {
    const desk = new Desk();
    desk.at(0, ['A']).at(5, ['A']);
    assert.deepEqual(desk.sent, []);
    desk.at(10, ['A']).at(15, ['A']).at(30, ['A']).at(45, [], ['A']).at(60, [], ['A']);
    assert.deepEqual(desk.sent, ['new: A | ']);
    desk.at(75, [], ['A']).at(300, [], ['A']).run(5000);
    assert.deepEqual(desk.sent, ['new: A | ', 'resolved:  | A']);
  });

  test('alerts of one rule within the wait come together', () => {
    const desk = new Desk();
    desk.at(0, ['A/1']).at(5, ['A/1', 'A/2', 'B']).run(20);
    assert.deepEqual(desk.sent, ['new: A/1 A/2 | ', 'new: B | ']);
  });

  test('a further alert of a group waits for the interval of the group', () => {
    const desk = new Desk();
    desk.at(0, ['A/1']).at(20, ['A/1', 'A/2']).run(69);
    assert.deepEqual(desk.sent, ['new: A/1 | ']);
    desk.run(70);
    assert.deepEqual(desk.sent, ['new: A/1 | ', 'new: A/1 A/2 | ']);
  });

  test('what begins and ends within the wait is not sent', () => {
    const desk = new Desk();
    desk.at(0, ['A']).at(5, [], ['A']).run(1000);
    assert.deepEqual(desk.sent, []);
    assert.equal(desk.state.groups.size, 0);
  });

  test('what flaps within the interval of the group is sent once', () => {
    const desk = new Desk();
    desk.at(0, ['A']).run(10).at(20, [], ['A']).at(40, ['A']).run(1000);
    assert.deepEqual(desk.sent, ['new: A | ']);
  });

  test('what fires again right after its end was sent keeps the interval of the group', () => {
    const desk = new Desk();
    desk.at(0, ['A']).run(10).at(20, [], ['A']).run(70).at(75, ['A']).run(129);
    assert.deepEqual(desk.sent, ['new: A | ', 'resolved:  | A']);
    desk.run(130);
    assert.deepEqual(desk.sent, ['new: A | ', 'resolved:  | A', 'new: A | ']);
  });

  test('one of two ends: the other is shown as still firing', () => {
    const desk = new Desk();
    desk.at(0, ['A/1', 'A/2']).run(10).at(20, ['A/1'], ['A/2']).run(70);
    assert.deepEqual(desk.sent, ['new: A/1 A/2 | ', 'resolved: A/1 | A/2']);
  });

  test('the reminder comes after the time to repeat, and again', () => {
    const desk = new Desk({ repeatMs: 3_600_000 });
    desk.at(0, ['A']).run(3609);
    assert.deepEqual(desk.sent, ['new: A | ']);
    desk.run(7300);
    assert.deepEqual(desk.sent, ['new: A | ', 'repeat: A | ', 'repeat: A | ']);
    const ids = new Set(desk.messages.map(({ id }) => id));
    assert.equal(ids.size, 3);
    assert.equal(new Set(desk.messages.map(({ thread }) => thread)).size, 1);
  });

  test('without resolved mails only the beginning is sent', () => {
    const desk = new Desk({ sendResolved: false });
    desk.at(0, ['A']).run(10).at(20, [], ['A']).run(1000);
    assert.deepEqual(desk.sent, ['new: A | ']);
    assert.equal(desk.state.groups.size, 0);
  });

  test('grouped by a label, or each alert alone', () => {
    const together = new Desk({ groupBy: ['severity'] });
    together.at(0, ['A', 'B']).run(10);
    assert.deepEqual(together.sent, ['new: A B | ']);
    const alone = new Desk({ groupBy: ['...'] });
    alone.at(0, ['A/1', 'A/2']).run(10);
    assert.deepEqual(alone.sent, ['new: A/1 | ', 'new: A/2 | ']);
  });

  test('the end of an alert that nobody was notified of is not sent', () => {
    const desk = new Desk();
    desk.at(0, [], ['A']).run(1000);
    assert.deepEqual(desk.sent, []);
  });
});

describe('when the receiver cannot be reached', () => {
  test('tries again with growing pauses until it is delivered, once', () => {
    const desk = new Desk();
    desk.outcome = DOWN;
    desk.at(0, ['A']).run(3600);
    assert.ok(desk.attempts > 20 && desk.attempts < 50, `${desk.attempts} attempts within an hour`);
    desk.outcome = DELIVERED;
    desk.run(3600 + 121);
    assert.deepEqual(desk.sent, ['new: A | ']);
    desk.at(4000, [], ['A']).run(5000);
    assert.deepEqual(desk.sent, ['new: A | ', 'resolved:  | A']);
  });

  test('what fired and ended meanwhile is sent afterwards, in one message', () => {
    const desk = new Desk();
    desk.outcome = DOWN;
    desk.at(0, ['A']).run(30).at(600, [], ['A']).at(900, [], ['A']).run(3600);
    desk.outcome = DELIVERED;
    desk.run(4000);
    assert.deepEqual(desk.sent, ['resolved:  | A']);
    const [alert] = desk.messages[0]!.resolved;
    assert.equal(alert?.firedAtMs, BEGIN_MS);
    assert.equal(alert?.kind === 'resolved' && alert.resolvedAtMs, BEGIN_MS + 600_000);
    assert.equal(desk.messages[0]?.dueMs, BEGIN_MS + 10_000);
    desk.run(8000);
    assert.equal(desk.messages.length, 1);
  });

  test('attempts do not grow with the number of groups', () => {
    const desk = new Desk();
    desk.outcome = DOWN;
    desk
      .at(
        0,
        Array.from({ length: 500 }, (_, i) => `R${i}`),
      )
      .run(3600);
    assert.ok(desk.attempts < 50, `${desk.attempts} attempts`);
  });

  test('a message that is refused does not hold up the others', () => {
    const desk = new Desk();
    desk.outcome = { kind: 'failed', scope: 'message', permanent: true, error: '552 too big' };
    desk.at(0, ['A']).run(15);
    assert.equal(desk.attempts, 1);
    desk.outcome = DELIVERED;
    desk.at(16, ['A', 'B']).run(30);
    assert.deepEqual(desk.sent, ['new: B | ']);
    desk.run(90);
    assert.deepEqual(desk.sent, ['new: B | ', 'new: A | ']);
  });

  test('the same content has the same id at every attempt', () => {
    const desk = new Desk();
    desk.outcome = DOWN;
    desk.at(0, ['A']).run(9);
    const first = nextSend(desk.state, BEGIN_MS + 10_000, desk.policy).message;
    desk.run(300);
    const later = nextSend(desk.state, BEGIN_MS + 600_000, desk.policy).message;
    assert.ok(first);
    assert.equal(later?.id, first.id);
  });

  test('pauses double, longer where the server refuses for good', () => {
    const delays = (permanent: boolean): number[] =>
      [1, 2, 3, 4, 50].map((failures) => retryDelayMs(failures, permanent));
    assert.deepEqual(delays(false), [2000, 4000, 8000, 16_000, 120_000]);
    assert.deepEqual(delays(true), [60_000, 120_000, 240_000, 480_000, 1_800_000]);
  });
});

describe('when there are very many alerts', () => {
  test('groups beyond the burst share the last message, and none is dropped', () => {
    const desk = new Desk({ burst: 5 });
    const ids = Array.from({ length: 10_000 }, (_, i) => `R${i}`);
    desk.at(0, ids).run(20);
    assert.equal(desk.messages.length, 5);
    assert.deepEqual(
      desk.messages.map(({ firing }) => firing.length),
      [1, 1, 1, 1, 9996],
    );
    assert.deepEqual(
      new Set(desk.messages.flatMap(({ firing }) => firing.map(({ id }) => id))),
      new Set(ids),
    );
    desk.at(30, ids).run(1000);
    assert.equal(desk.messages.length, 5);
  });

  test('later ones wait for the rate limit and share a message again', () => {
    const desk = new Desk({ burst: 2, refillMs: 60_000 });
    desk.at(0, ['A', 'B', 'C']).run(10).at(20, ['A', 'B', 'C', 'D', 'E']).run(69);
    assert.deepEqual(desk.sent, ['new: A | ', 'new: B C | ']);
    desk.run(70);
    assert.deepEqual(desk.sent, ['new: A | ', 'new: B C | ', 'new: D E | ']);
  });

  test('10,000 alerts of one rule are one message', () => {
    const desk = new Desk();
    desk
      .at(
        0,
        Array.from({ length: 10_000 }, (_, i) => `A/${i}`),
      )
      .run(20);
    assert.deepEqual(
      desk.messages.map(({ firing }) => firing.length),
      [10_000],
    );
  });
});

describe('restarts and clocks', () => {
  const restart = (desk: Desk): void => {
    const text = JSON.stringify(saveReceiver(desk.state));
    desk.state = restoreReceiver(Checked.parse(text));
  };

  test('what was sent is not sent again, but its end is', () => {
    const desk = new Desk();
    desk.at(0, ['A']).run(15);
    restart(desk);
    desk.at(30, ['A']).at(40, [], ['A']).run(100);
    assert.deepEqual(desk.sent, ['new: A | ', 'resolved:  | A']);
  });

  test('what was due and not delivered is sent after the restart, with the same id', () => {
    const desk = new Desk();
    desk.outcome = DOWN;
    desk.at(0, ['A']).run(15);
    const before = nextSend(desk.state, BEGIN_MS + 60_000, desk.policy).message?.id;
    restart(desk);
    desk.outcome = DELIVERED;
    desk.run(20);
    assert.deepEqual(desk.sent, ['new: A | ']);
    assert.equal(desk.messages[0]?.id, before);
  });

  test('a clock that was set back by a day delays nothing for a day', () => {
    const desk = new Desk();
    desk.at(100_000, ['A']).run(100_020);
    desk.second = 0;
    desk.at(0, ['A', 'B']).at(30, ['A', 'B']).at(60, ['A', 'B']).at(90, ['A', 'B']);
    assert.deepEqual(desk.sent, ['new: A | ', 'new: B | ']);
    desk.at(100, ['B'], ['A']).run(300);
    assert.deepEqual(desk.sent.at(-1), 'resolved:  | A');
  });
});

test('whatever alerts and the server do: in the end every alert that still fires is sent, and nothing that did not', () => {
  const ids = ['A/1', 'A/2', 'B', 'C'];
  const event = record({
    pauseSeconds: integer({ min: 1, max: 200 }),
    firing: subarray(ids),
    down: boolean(),
    restart: boolean(),
  });
  check(
    property(array(event, { minLength: 1, maxLength: 25 }), (events) => {
      const desk = new Desk({ burst: 3, refillMs: 30_000 });
      let second = 0;
      let before: readonly string[] = [];
      for (const { pauseSeconds, firing, down, restart } of events) {
        desk.outcome = down ? DOWN : DELIVERED;
        second += pauseSeconds;
        desk.at(
          second,
          firing,
          before.filter((id) => !firing.includes(id)),
        );
        before = firing;
        if (restart) desk.state = restoreReceiver(Checked.parse(JSON.stringify(saveReceiver(desk.state))));
      }
      desk.outcome = DELIVERED;
      desk.run(second + 3000);
      const known = new Set<string>();
      for (const { firing, resolved } of desk.messages) {
        for (const { id } of resolved) known.delete(id);
        for (const { id } of firing) known.add(id);
      }
      assert.deepEqual([...known].sort(), [...before].sort());
      const messageIds = desk.messages.filter(({ reason }) => reason !== 'repeat').map(({ id }) => id);
      assert.equal(new Set(messageIds).size, messageIds.length, 'nothing is sent twice');
    }),
    { numRuns: 300, seed: 7 },
  );
});
