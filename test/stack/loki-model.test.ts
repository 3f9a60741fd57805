import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OtlpAttribute, OtlpLogRecord, OtlpLogs } from '../helpers/stack/loki/entry.ts';
import type { LokiLimits } from '../helpers/stack/loki/limits.ts';
import { LokiModel, type Answer } from '../helpers/stack/loki/model.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const HOUR_MS = 3_600_000;
const ns = (ms: number): string => String(BigInt(ms) * 1_000_000n);
const text = (key: string, stringValue: string): OtlpAttribute => ({ key, value: { stringValue } });

function logs(...logRecords: readonly OtlpLogRecord[]): OtlpLogs {
  const attributes = [text('service.name', 'shop'), text('service.instance.id', 'i1')];
  return { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ scope: { name: 'db' }, logRecords }] }] };
}

function record(changes: Partial<OtlpLogRecord> = {}): OtlpLogRecord {
  return {
    timeUnixNano: ns(NOW_MS),
    severityText: 'INFO',
    severityNumber: 9,
    body: { stringValue: 'hello' },
    attributes: [text('application', 'db'), text('code.file.path', '/app/db.js')],
    ...changes,
  };
}

interface Pushed {
  readonly model: LokiModel;
  readonly answer: Answer;
}

function push(body: OtlpLogs, limits: Partial<LokiLimits> = {}): Pushed {
  const model = new LokiModel(limits, () => NOW_MS);
  return { model, answer: model.push(body) };
}

test('labels are those that our configuration chooses; the rest is structured metadata with underscores', () => {
  const nested = { key: 'user', value: { kvlistValue: { values: [text('home.town', 'Lund')] } } };
  const attributes = [text('application', 'db'), text('code.file.path', '/app/db.js'), nested];
  const { model, answer } = push(logs(record({ attributes, traceId: '4bf9' })));
  assert.equal(answer.status, 204);
  assert.deepEqual(model.entries(), [
    {
      labels: { application: 'db', service_name: 'shop' },
      metadata: {
        service_instance_id: 'i1',
        code_file_path: '/app/db.js',
        user_home_town: 'Lund',
        scope_name: 'db',
        severity_text: 'INFO',
        severity_number: '9',
        trace_id: '4bf9',
      },
      line: 'hello',
      atNs: BigInt(NOW_MS) * 1_000_000n,
    },
  ]);
});

test('equal entries with one timestamp are one, unless they have different uids', () => {
  const uid = (value: string): OtlpLogRecord =>
    record({ attributes: [text('application', 'db'), text('log.record.uid', value)] });
  assert.equal(push(logs(record(), record())).model.entries().length, 1);
  const { model, answer } = push(logs(uid('1'), uid('2'), uid('1')));
  assert.equal(model.entries().length, 2);
  assert.equal(answer.status, 204, 'the sender does not hear of it');
});

const tooOften = { ingestionBytesPerSecond: 10, ingestionBurstBytes: 20 };
const many = Array.from({ length: 130 }, (_, index) => text(`extra_${index}`, 'x'));
const application = (value: string): OtlpLogRecord => record({ attributes: [text('application', value)] });

const refusals: readonly (readonly [string, OtlpLogRecord, number, string, Partial<LokiLimits>?])[] = [
  [
    'a week and more old',
    record({ timeUnixNano: ns(NOW_MS - 169 * HOUR_MS) }),
    400,
    'greater_than_max_sample_age',
  ],
  ['from the future', record({ timeUnixNano: ns(NOW_MS + HOUR_MS) }), 400, 'too_far_in_future'],
  ['of 130 attributes', record({ attributes: many }), 400, 'structured_metadata_too_many'],
  [
    'of 65 KB in one',
    record({ attributes: [text('x', 'y'.repeat(66_000))] }),
    400,
    'structured_metadata_too_large',
  ],
  ['of a label of 3 KB', application('y'.repeat(3000)), 400, 'label_value_too_long'],
  [
    'too long, where lines are not cut',
    record(),
    400,
    'line_too_long',
    { maxLineBytes: 3, truncateLines: false },
  ],
  ['too much at once', record(), 429, 'rate_limited', tooOften],
  [
    'too much for its stream',
    record(),
    429,
    'per_stream_rate_limit',
    { streamBytesPerSecond: 1, streamBurstBytes: 9 },
  ],
];

for (const [what, wrong, status, reason, limits] of refusals) {
  test(`an entry ${what} is answered with ${status}`, () => {
    const { model, answer } = push(logs(wrong), limits);
    assert.equal(answer.status, status);
    assert.deepEqual([...model.refused], [[reason, 1]]);
    assert.deepEqual(model.entries(), []);
  });
}

test('of a request in which one entry is refused for good the others are kept', () => {
  const { model, answer } = push(logs(record({ timeUnixNano: ns(NOW_MS + HOUR_MS) }), record()));
  assert.equal(answer.status, 400);
  assert.equal(model.entries().length, 1);
});

test('an entry half of max_chunk_age behind the newest of its stream is taken, one further behind is not', () => {
  const model = new LokiModel({}, () => NOW_MS);
  const at = (ms: number): number => model.push(logs(record({ timeUnixNano: ns(NOW_MS + ms) }))).status;
  assert.equal(at(0), 204);
  assert.equal(at(-24 * HOUR_MS), 204);
  assert.equal(at(-24 * HOUR_MS - 1), 400);
  assert.deepEqual([...model.refused.keys()], ['too_far_behind']);
});

test('a long line is cut at the configured length', () => {
  const { model, answer } = push(logs(record({ body: { stringValue: 'x'.repeat(300_000) } })));
  assert.equal(answer.status, 204);
  assert.equal(model.entries()[0]?.line.length, 262_144);
});

test('what is refused for now is taken a second later', () => {
  let nowMs = NOW_MS;
  const model = new LokiModel({ ingestionBytesPerSecond: 100, ingestionBurstBytes: 100 }, () => nowMs);
  const at = (ms: number): OtlpLogs => logs(record({ timeUnixNano: ns(NOW_MS + ms) }));
  assert.equal(model.push(at(1)).status, 204);
  assert.equal(model.push(at(2)).status, 429);
  nowMs += 1000;
  assert.equal(model.push(at(2)).status, 204);
  assert.equal(model.entries().length, 2);
});
