import type { Source, SourceContext, SourceRow } from './seam/source.ts';

/** How often the delay of the event loop is measured; finer wakes an idle service more often. */
const DELAY_RESOLUTION_MS = 50;

/**
 * State of this process under the names that common dashboards of prom-client use. Everything is read when a
 * collection asks; between collections only the delay of the event loop is measured, by Node's own histogram.
 */
function observeRuntime({ meter, observable }: SourceContext): Source {
  // Not imported: the preload would load it in every process.
  const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  let sinceMs = performance.now();
  let lastUtilization = performance.eventLoopUtilization();

  const cpuSeconds = observable('processCpu');
  const startTime = observable('processStart');
  const rss = observable('residentMemory');
  const heapUsed = observable('heapUsed');
  const heapTotal = observable('heapTotal');
  const external = observable('externalMemory');
  const lag = observable('eventLoopLag');
  const lagP99 = observable('eventLoopLagP99');
  const utilization = observable('eventLoopUtilization');
  const resources = observable('activeResources');

  /** What Node measures includes its own interval; the delay is what came on top. */
  const delaySeconds = (nanos: number): number =>
    Math.max(0, (Number.isFinite(nanos) ? nanos : 0) / 1e9 - DELAY_RESOLUTION_MS / 1000);

  /**
   * Node's histogram begins with its second interval after a reset, and may not have seen yet a block that has just
   * ended: time that no interval accounts for, beyond the two at the edges, was spent blocked.
   */
  function unseenSeconds(): number {
    const seenMs = delay.count === 0 ? 0 : (delay.count * delay.mean) / 1e6;
    return Math.max(0, performance.now() - sinceMs - seenMs - 2 * DELAY_RESOLUTION_MS) / 1000;
  }

  meter.addBatchObservableCallback(
    (result) => {
      const cpu = process.cpuUsage();
      const memory = process.memoryUsage();
      const now = performance.eventLoopUtilization();
      result.observe(cpuSeconds, (cpu.user + cpu.system) / 1e6);
      result.observe(startTime, Math.round(performance.timeOrigin) / 1000);
      result.observe(rss, memory.rss);
      result.observe(heapUsed, memory.heapUsed);
      result.observe(heapTotal, memory.heapTotal);
      result.observe(external, memory.external);
      const unseen = unseenSeconds();
      const samples = delay.count + (unseen > 0 ? 1 : 0);
      const mean = samples === 0 ? 0 : (delaySeconds(delay.mean) * delay.count + unseen) / samples;
      result.observe(lag, mean);
      result.observe(lagP99, Math.max(delaySeconds(delay.percentile(99)), unseen));
      result.observe(utilization, performance.eventLoopUtilization(now, lastUtilization).utilization);
      result.observe(resources, process.getActiveResourcesInfo().length);
      lastUtilization = now;
      delay.reset();
      sinceMs = performance.now();
    },
    [cpuSeconds, startTime, rss, heapUsed, heapTotal, external, lag, lagP99, utilization, resources],
  );
  return { stop: () => delay.disable() };
}

/** Node's runtime in this process. */
export const runtimeSource: SourceRow = { name: 'runtime', oncePerProcess: true, observe: observeRuntime };
