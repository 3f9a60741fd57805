/** CPU of this thread that `work` takes, in ms: other programs of a busy machine count less than in wall time. */
export function cpuMs(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/** The least of several runs, after one that warms up. */
export function bestCpuMs(work: () => unknown, runs = 5): number {
  work();
  return Math.min(...Array.from({ length: runs }, () => cpuMs(work)));
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
