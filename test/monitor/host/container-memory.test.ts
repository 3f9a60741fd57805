import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ContainerMemory, readContainerMemory } from '../../../src/monitor/host/container-memory.ts';

const HOST_BYTES = 16 * 2 ** 30;
const none = String(2 ** 63 - 4096);

/** Reads of a system that has these files. */
function memoryIn(files: Readonly<Record<string, string>>): Promise<ContainerMemory | undefined> {
  const read = (path: string): Promise<string> => {
    const text = files[path];
    return text === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(text);
  };
  return readContainerMemory(read, HOST_BYTES);
}

test('M11 in a container the limit and the working set are read, version 2', async () => {
  const files = {
    '/proc/self/cgroup': '0::/\n',
    '/sys/fs/cgroup/memory.max': '536870912\n',
    '/sys/fs/cgroup/memory.current': '400000000\n',
    '/sys/fs/cgroup/memory.stat': 'anon 1\nfile 2\ninactive_file 100000000\nactive_file 3\n',
  };
  assert.deepEqual(await memoryIn(files), { limitBytes: 536_870_912, usedBytes: 300_000_000 });
  assert.equal(await memoryIn({ ...files, '/sys/fs/cgroup/memory.max': 'max\n' }), undefined);
  assert.equal(await memoryIn({ ...files, '/sys/fs/cgroup/memory.max': String(HOST_BYTES) }), undefined);
  assert.deepEqual(await memoryIn({ ...files, '/sys/fs/cgroup/memory.stat': '' }), {
    limitBytes: 536_870_912,
    usedBytes: 400_000_000,
  });
});

test('M11 the tightest limit of the group and those around it holds', async () => {
  assert.deepEqual(
    await memoryIn({
      '/proc/self/cgroup': '0::/shop.slice/web.service\n',
      '/sys/fs/cgroup/shop.slice/memory.max': '1000\n',
      '/sys/fs/cgroup/shop.slice/memory.current': '900\n',
      '/sys/fs/cgroup/shop.slice/web.service/memory.max': '2000\n',
      '/sys/fs/cgroup/shop.slice/web.service/memory.current': '100\n',
    }),
    { limitBytes: 1000, usedBytes: 900 },
  );
});

test('M11 version 1 has other names, and a number beyond all memory for no limit', async () => {
  const files = {
    '/proc/self/cgroup': '9:name=systemd:/\n4:cpu,memory:/docker/abc\n0::/\n',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': '1000\n',
    '/sys/fs/cgroup/memory/memory.usage_in_bytes': '500\n',
    '/sys/fs/cgroup/memory/memory.stat': 'inactive_file 1\ntotal_inactive_file 100\n',
  };
  assert.deepEqual(await memoryIn(files), { limitBytes: 1000, usedBytes: 400 });
  assert.equal(await memoryIn({ ...files, '/sys/fs/cgroup/memory/memory.limit_in_bytes': none }), undefined);
});

test('where there are no control groups there is no limit', async () => {
  assert.equal(await memoryIn({}), undefined);
  assert.equal(await memoryIn({ '/proc/self/cgroup': 'garbage' }), undefined);
  await assert.doesNotReject(readContainerMemory());
});
