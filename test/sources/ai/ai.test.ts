import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, Service } from '../../helpers/service.ts';

const program = fixture('sources/ai.cjs');

async function answersOf(service: Service): Promise<Record<string, unknown>> {
  const response = await fetch(await service.url());
  return (await response.json()) as Record<string, unknown>;
}

test('AI calls count with model, status and tokens, however the answer is read; the service gets what it gets without us', async () => {
  await using bare = new Service(program, { nodeArgs: [] });
  await using service = new Service(program);
  assert.deepEqual(await answersOf(service), await answersOf(bare));
  const page = await service.metricsWith(/ai_requests_total\{model="m-shape",status="success"\} 1/);
  const counted = Array.from(
    page.matchAll(/^ai_requests_total\{model="([^"]*)",status="([^"]*)"\} (\d+)$/gm),
    ([, ...all]) => all.join(' '),
  ).sort();
  assert.deepEqual(counted, [
    'endless cancelled 2',
    'gone error 1',
    'm-bytes success 1',
    'm-clone success 1',
    'm-iterate success 1',
    'm-json success 1',
    'm-pipe success 1',
    'm-reader success 1',
    'm-shape success 1',
    'm-text success 1',
    'refused error 1',
  ]);
  for (const model of ['m-json', 'm-text', 'm-bytes', 'm-clone', 'm-iterate', 'm-reader', 'm-pipe']) {
    assert.match(page, new RegExp(`^ai_tokens_total\\{model="${model}",type="input"\\} 11$`, 'm'));
    assert.match(page, new RegExp(`^ai_tokens_total\\{model="${model}",type="output"\\} 7$`, 'm'));
    assert.match(page, new RegExp(`^ai_request_duration_seconds_count\\{model="${model}"\\} 1$`, 'm'));
  }
});

test('a host of MONITORING_AI_HOSTS needs no header of a known client', async () => {
  await using service = new Service(program, { env: { MONITORING_AI_HOSTS: '127.0.0.1' } });
  await answersOf(service);
  await service.metricsWith(/ai_requests_total\{model="m-plain",status="success"\} 1/);
});
