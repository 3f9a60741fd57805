import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { remotePrometheus, type RemoteAnswer } from '../../../src/alerts/remote/remote-prometheus.ts';
import { error, queryServer, type Reply, vector } from '../../helpers/query-server.ts';

const never = new AbortController().signal;

function shown(answer: RemoteAnswer): unknown {
  if (answer.kind !== 'ok') return `${answer.kind}: ${answer.error}`;
  return answer.samples.map(({ labels, value }) => [labels.toString(), value]);
}

test('an expression is posted with its time in seconds below the path of the address', async (t) => {
  const server = await queryServer(t, () => vector());
  await remotePrometheus({ url: `${server.url}/mimir/`, token: undefined })(
    'a > 1 and b{c="ü&"}',
    90_500,
    never,
  );
  const [asked] = server.asked;
  assert.equal(asked?.path, '/mimir/api/v1/query');
  assert.equal(asked?.query, 'a > 1 and b{c="ü&"}');
  assert.equal(asked?.time, '90.5');
  assert.equal(asked?.headers.authorization, undefined);
});

test('a token is sent as bearer, user and password of the address as basic', async (t) => {
  const server = await queryServer(t, () => vector());
  const withUser = server.url.replace('//', '//ann:p%40ss@');
  await remotePrometheus({ url: withUser, token: undefined })('a', 0, never);
  await remotePrometheus({ url: withUser, token: 'secret' })('a', 0, never);
  assert.deepEqual(
    server.asked.map(({ headers }) => headers.authorization),
    [`Basic ${Buffer.from('ann:p@ss').toString('base64')}`, 'Bearer secret'],
  );
});

test('vectors and scalars are read, with every form of number', async (t) => {
  const server = await queryServer(t, () =>
    vector([{ __name__: 'a', b: 'c' }, '1.5e-07'], [{}, 'NaN'], [{ b: 'd' }, '+Inf'], [{ b: 'e' }, '-Inf']),
  );
  const ask = remotePrometheus({ url: server.url, token: undefined });
  assert.deepEqual(shown(await ask('a', 0, never)), [
    ['a{b="c"}', 1.5e-7],
    ['{}', Number.NaN],
    ['{b="d"}', Number.POSITIVE_INFINITY],
    ['{b="e"}', Number.NEGATIVE_INFINITY],
  ]);
  server.reply = () => ({
    status: 200,
    body: '{"status":"success","data":{"resultType":"scalar","result":[0,"42"]},"warnings":["PromQL warning: w"],"infos":["i"]}',
  });
  const answer = await ask('42', 0, never);
  assert.deepEqual(shown(answer), [['{}', 42]]);
  assert.deepEqual(answer.kind === 'ok' && answer.notes, ['PromQL warning: w', 'i']);
});

test('an error of the expression is distinguished from one of the server', async (t) => {
  const cases: readonly (readonly [reply: Reply, answer: string])[] = [
    [error(400, 'bad_data', 'parse error'), 'refused: bad_data: parse error'],
    [error(422, 'execution', 'many-to-many'), 'refused: execution: many-to-many'],
    [error(503, 'timeout', 'query timed out'), 'unreachable: timeout: query timed out'],
    [error(500, 'internal', 'broken'), 'unreachable: internal: broken'],
    [{ status: 401, body: 'Unauthorized' }, 'unreachable: HTTP status 401, not a response from Prometheus'],
    [{ status: 200, body: '<html>' }, 'unreachable: HTTP status 200, not a response from Prometheus'],
    [{ status: 200, body: '{}' }, 'unreachable: HTTP status 200, not a response from Prometheus'],
    [{ status: 200, body: 'null' }, 'unreachable: HTTP status 200, not a response from Prometheus'],
    [
      { status: 200, body: '{"status":"success","data":{"resultType":"vector"}}' },
      'unreachable: HTTP status 200, not a response from Prometheus',
    ],
    [
      { status: 200, body: '{"status":"success","data":{"resultType":"matrix","result":[]}}' },
      'refused: rule result is not a vector or scalar',
    ],
    [
      {
        status: 200,
        body: '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"histogram":[0,{}]}]}}',
      },
      'refused: the expression returns native histograms, which are not supported in rules',
    ],
  ];
  const server = await queryServer(t, () => vector());
  const ask = remotePrometheus({ url: server.url, token: undefined });
  for (const [reply, answer] of cases) {
    server.reply = () => reply;
    assert.equal(shown(await ask('a', 0, never)), answer);
  }
});

test('an answer without end is given up', async (t) => {
  const server = await queryServer(t, () => ({ status: 200, body: ' '.repeat(33 * 1024 * 1024) }));
  const answer = await remotePrometheus({ url: server.url, token: undefined })('a', 0, never);
  assert.equal(shown(answer), 'unreachable: the response is longer than 32 MiB');
});

test('a server that is not there, and one that does not answer in time', async (t) => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, 'close');
  const gone = await remotePrometheus({ url: `http://127.0.0.1:${port}`, token: undefined })('a', 0, never);
  assert.match(String(shown(gone)), /^unreachable: ECONNREFUSED: connect ECONNREFUSED/);

  const silent = await queryServer(t, () => undefined);
  const ask = remotePrometheus({ url: silent.url, token: undefined });
  assert.equal(shown(await ask('a', 0, AbortSignal.timeout(30))), 'unreachable: no response in time');
});

test('a redirection is not followed, so that no token goes elsewhere', async (t) => {
  const server = await queryServer(t, () => ({ status: 302, body: '' }));
  const answer = await remotePrometheus({ url: server.url, token: 'secret' })('a', 0, never);
  assert.equal(shown(answer), 'unreachable: HTTP status 302, not a response from Prometheus');
  assert.equal(server.asked.length, 1);
});
