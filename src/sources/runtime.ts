import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Meter, ObservableGauge } from '@opentelemetry/api';
import type { Recorder } from '../metrics/recorder.ts';
import type { Source } from './source.ts';

/** How often the delay of the event loop is measured; finer wakes an idle service more often. */
const DELAY_RESOLUTION_MS = 50;

/**
 * State of this process under the names that common dashboards of prom-client use. Everything is read when a
 * collection asks; between collections only the delay of the event loop is measured, by Node's own histogram.
 */
export function runtimeSource(_recorder: Recorder, meter: Meter): Source {
  const gauge = (name: string, description: string): ObservableGauge =>
    meter.createObservableGauge(name, { description });
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  let sinceMs = performance.now();
  let lastUtilization = performance.eventLoopUtilization();

  const cpuSeconds = meter.createObservableCounter('process_cpu_seconds_total', {
    description: 'Total user and system CPU time spent in seconds.',
  });
  const startTime = gauge(
    'process_start_time_seconds',
    'Start time of the process since unix epoch in seconds.',
  );
  const rss = gauge('process_resident_memory_bytes', 'Resident memory size in bytes.');
  const heapUsed = gauge('nodejs_heap_size_used_bytes', 'Process heap size used from Node.js in bytes.');
  const heapTotal = gauge('nodejs_heap_size_total_bytes', 'Process heap size from Node.js in bytes.');
  const external = gauge('nodejs_external_memory_bytes', 'Node.js external memory size in bytes.');
  const lag = gauge(
    'nodejs_eventloop_lag_seconds',
    'Mean delay of the event loop since the last collection in seconds.',
  );
  const lagP99 = gauge('nodejs_eventloop_lag_p99_seconds', '99th percentile of that delay in seconds.');
  const utilization = gauge(
    'nodejs_eventloop_utilization_ratio',
    'Share of time the event loop was busy since the last collection.',
  );
  const resources = gauge('nodejs_active_resources', 'Number of resources that keep the event loop alive.');

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
