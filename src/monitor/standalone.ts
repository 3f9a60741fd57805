import { VERSION } from '../config/version.ts';
import { formatProblem, MonitoringError } from '../errors.ts';
import { placeOf } from './leading/service-address.ts';
import { type Monitor, startMonitor } from './start.ts';

/**
 * The monitor as a process of its own, for the service whose settings and folder it is given: it outlives the
 * service and tells of its end. A monitor that runs in a thread of the service makes way; when this one goes, a
 * process of the service takes over again. Throws a `MonitoringError` (MON_MONITOR_PLACE) when another separate
 * monitor leads, or where there is no place to meet.
 */
export async function startStandalone(
  env: NodeJS.ProcessEnv,
  cwd: string,
  say: (line: string) => void,
): Promise<Monitor> {
  const { settings, problems, resource, serviceName, meetingPoint } = placeOf(env, cwd);
  for (const found of problems) say(formatProblem(found));
  const fail = (got: string): never => {
    throw new MonitoringError('MON_MONITOR_PLACE', { where: serviceName, got });
  };
  if (!meetingPoint) return fail('there is no private folder for its socket');
  const identity = { settings, serviceName, resource, version: VERSION, cwd, meetingPoint };
  const monitor = await startMonitor({ ...identity, takeover: false, insists: true }, undefined);
  return monitor ?? fail('another separate monitor leads already');
}
