import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { dirname } from 'node:path';

/** The memory limit of the control group of this process, and what counts against it. */
export interface ContainerMemory {
  readonly limitBytes: number;
  /** As the kubelet counts: without file cache that the kernel can drop at once. */
  readonly usedBytes: number;
}

export type ReadText = (path: string) => Promise<string>;

/** Files of one version of control groups below its mount. */
interface Layout {
  readonly mount: string;
  readonly limit: string;
  readonly usage: string;
  readonly droppable: string;
}

const VERSION_2: Layout = {
  mount: '/sys/fs/cgroup',
  limit: 'memory.max',
  usage: 'memory.current',
  droppable: 'inactive_file',
};
const VERSION_1: Layout = {
  mount: '/sys/fs/cgroup/memory',
  limit: 'memory.limit_in_bytes',
  usage: 'memory.usage_in_bytes',
  droppable: 'total_inactive_file',
};

/** The group of this process in `/proc/self/cgroup`: `0::/path`, or in version 1 `4:memory:/path`. */
function groupIn(text: string, isVersion2: boolean): string | undefined {
  for (const line of text.split('\n')) {
    const [, id, controllers = '', path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (isVersion2 ? id === '0' && controllers === '' : controllers.split(',').includes('memory'))
      return path;
  }
  return undefined;
}

/** The group, and those around it: a limit of each of them holds. In a container only `/` may be visible. */
function around(group: string): readonly string[] {
  const found = [group];
  for (let path = group; path !== '/'; path = dirname(path)) found.push(dirname(path));
  return found;
}

async function numberIn(read: ReadText, path: string): Promise<number> {
  try {
    const text = (await read(path)).trim();
    return text === '' ? Number.NaN : Number(text);
  } catch {
    return Number.NaN;
  }
}

async function droppableBytes(read: ReadText, folder: string, name: string): Promise<number> {
  try {
    const stat = await read(`${folder}/memory.stat`);
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function memoryOf(
  read: ReadText,
  layout: Layout,
  group: string,
  hostBytes: number,
): Promise<ContainerMemory | undefined> {
  let tightest: ContainerMemory | undefined;
  for (const path of around(group)) {
    const folder = `${layout.mount}${path === '/' ? '' : path}`;
    const limitBytes = await numberIn(read, `${folder}/${layout.limit}`);
    // "max", or a number beyond all memory: no limit.
    if (!(
      limitBytes > 0 &&
      limitBytes < hostBytes &&
      limitBytes < (tightest?.limitBytes ?? Number.POSITIVE_INFINITY)
    ))
      continue;
    const usage = await numberIn(read, `${folder}/${layout.usage}`);
    if (Number.isNaN(usage)) continue;
    const usedBytes = Math.max(0, usage - (await droppableBytes(read, folder, layout.droppable)));
    tightest = { limitBytes, usedBytes };
  }
  return tightest;
}

/** Undefined where no limit below the memory of the host is set, and on other systems than Linux. Never rejects. */
export async function readContainerMemory(
  read: ReadText = (path) => readFile(path, 'utf8'),
  hostBytes: number = totalmem(),
): Promise<ContainerMemory | undefined> {
  let groups: string;
  try {
    groups = await read('/proc/self/cgroup');
  } catch {
    return undefined;
  }
  for (const layout of [VERSION_2, VERSION_1]) {
    const group = groupIn(groups, layout === VERSION_2);
    const found = group === undefined ? undefined : await memoryOf(read, layout, group, hostBytes);
    if (found) return found;
  }
  return undefined;
}
