import { VERSION } from '../config/version.ts';
import { formatProblem, MonitoringError } from '../errors.ts';
import { locateService } from './election/locate-service.ts';
import { type Monitor, startMonitor } from './start.ts';

/**
 * The monitor as a process of its own, for the service whose settings and folder it is given: it outlives the
 * service and reports its end. A monitor that runs in a thread of the service steps down; when this one ends, a
 * process of the service takes over again. Throws a `MonitoringError` (MON_MONITOR_SOCKET) when another separate
 * monitor leads, or where there is no meeting point.
 */
export async function startStandalone(
  env: NodeJS.ProcessEnv,
  cwd: string,
  report: (line: string) => void,
): Promise<Monitor> {
  const { settings, problems, resource, serviceName, meetingPoint } = locateService(env, cwd);
  for (const found of problems) report(formatProblem(found));
  const fail = (got: string): never => {
    throw new MonitoringError('MON_MONITOR_SOCKET', { where: serviceName, got });
  };
  if (!meetingPoint) return fail('no private folder for the socket');
  const identity = { settings, serviceName, resource, version: VERSION, cwd, meetingPoint };
  const monitor = await startMonitor({ ...identity, takeover: false, separate: true }, undefined);
  return monitor ?? fail('another separate monitor is already running');
}
