import type { AgentMessage, MonitorMessage } from './messages.ts';
import { type ProcessEnd, processEndKinds } from './process-end.ts';
import { fields, finite, flag, ShapeError, text, whole } from './shape.ts';
import { readSnapshot } from './read-snapshot.ts';
import type { SilenceAnswer, SilenceRequest } from './silence-messages.ts';

const MAX_TEXT = 10_000;
const MAX_REQUEST = 2 ** 52;
const MAX_DEADLINE_MS = 600_000;
const MAX_MS = 8.64e15;
const TEN_YEARS_MS = 10 * 365 * 86_400_000;

const request = (value: unknown): number => whole(value, 0, MAX_REQUEST, 'request');

function readSilenceRequest(value: unknown): SilenceRequest {
  const given = fields(value, 'request of a silence');
  switch (given['do']) {
    case 'add':
      return {
        do: 'add',
        matchers: text(given['matchers'], MAX_TEXT, 'matchers'),
        forMs: finite(given['forMs'], -TEN_YEARS_MS, TEN_YEARS_MS, 'forMs'),
        comment: text(given['comment'], MAX_TEXT, 'comment'),
        createdBy: text(given['createdBy'], MAX_TEXT, 'createdBy'),
      };
    case 'list':
      return { do: 'list' };
    case 'remove':
      return { do: 'remove', id: text(given['id'], MAX_TEXT, 'id') };
    default:
      throw new ShapeError('request of a silence');
  }
}

function readDrain(given: Readonly<Record<string, unknown>>): AgentMessage {
  const { done } = given;
  if (done !== undefined && !(done instanceof SharedArrayBuffer && done.byteLength === 4)) {
    throw new ShapeError('done');
  }
  const deadlineMs = finite(given['deadlineMs'], 0, MAX_DEADLINE_MS, 'deadlineMs');
  return { kind: 'drain', request: request(given['request']), deadlineMs, ...(done && { done }) };
}

function readEnd(value: unknown): ProcessEnd {
  const given = fields(value, 'end');
  const kind = processEndKinds.find((one) => one === given['kind']);
  if (kind === undefined) throw new ShapeError('kind of an end');
  const code = whole(given['code'], -(2 ** 31), 2 ** 32, 'code');
  return { kind, code, atMs: finite(given['atMs'], 0, MAX_MS, 'atMs') };
}

/** What an agent or the command line sent, each field checked. Throws a `ShapeError`. */
export function readAgentMessage(value: unknown): AgentMessage {
  const given = fields(value, 'message');
  const { kind } = given;
  switch (kind) {
    case 'hello': {
      const processId = text(given['processId'], 200, 'processId');
      return { kind, processId, pid: whole(given['pid'], 0, 2 ** 32, 'pid') };
    }
    case 'snapshot':
      return { kind, request: request(given['request']), snapshot: readSnapshot(given['snapshot']) };
    case 'drain':
      return readDrain(given);
    case 'end':
      return { kind, end: readEnd(given['end']) };
    case 'silence':
      return { kind, request: readSilenceRequest(given['request']) };
    case 'spooled':
    case 'sample-host':
    case 'reload':
    case 'step-down':
      return { kind };
    default:
      throw new ShapeError('kind');
  }
}

function readSilenceAnswer(value: unknown): SilenceAnswer {
  const given = fields(value, 'answer');
  if (flag(given['ok'], 'ok')) {
    if (!Array.isArray(given['silences'])) throw new ShapeError('silences');
    return value as SilenceAnswer;
  }
  const [where, expected, got] = ['where', 'expected', 'got'].map((name) =>
    text(given[name], MAX_TEXT, name),
  );
  return { ok: false, where: where ?? '', expected: expected ?? '', got: got ?? '' };
}

/** What a monitor sent, each field checked. Throws a `ShapeError`. */
export function readMonitorMessage(value: unknown): MonitorMessage {
  const given = fields(value, 'message');
  const { kind } = given;
  switch (kind) {
    case 'collect':
    case 'drained':
      return { kind, request: request(given['request']) };
    case 'process-killed':
      return {
        kind,
        pid: whole(given['pid'], 0, 2 ** 32, 'pid'),
        atMs: finite(given['atMs'], 0, MAX_MS, 'atMs'),
      };
    case 'collector':
      return { kind, reachable: flag(given['reachable'], 'reachable') };
    case 'ready': {
      const { metricsUrl } = given;
      return {
        kind,
        metricsUrl: metricsUrl === undefined ? undefined : text(metricsUrl, MAX_TEXT, 'metricsUrl'),
      };
    }
    case 'leading':
      return { kind, socketPath: text(given['socketPath'], MAX_TEXT, 'socketPath') };
    case 'reloaded':
      return { kind, ok: flag(given['ok'], 'ok') };
    case 'silenced':
      return { kind, answer: readSilenceAnswer(given['answer']) };
    case 'not-leader':
      return { kind, steppedDown: flag(given['steppedDown'], 'steppedDown') };
    default:
      throw new ShapeError('kind');
  }
}
