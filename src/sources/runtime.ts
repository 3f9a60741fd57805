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
      result.observe(lag, delaySeconds(delay.mean));
      result.observe(lagP99, delaySeconds(delay.percentile(99)));
      result.observe(utilization, performance.eventLoopUtilization(now, lastUtilization).utilization);
      result.observe(resources, process.getActiveResourcesInfo().length);
      lastUtilization = now;
      delay.reset();
    },
    [cpuSeconds, startTime, rss, heapUsed, heapTotal, external, lag, lagP99, utilization, resources],
  );
  return { stop: () => delay.disable() };
}
