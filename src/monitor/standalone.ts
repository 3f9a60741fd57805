import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../config/read-settings.ts';
import { resourceOf } from '../config/service-identity.ts';
import { VERSION } from '../config/version.ts';
import { formatProblem, MonitoringError } from '../errors.ts';
import { meetingPointOf } from '../link/meeting-point.ts';
import { type Monitor, startMonitor } from './start.ts';

const readText = (path: string): string => readFileSync(path, 'utf8');

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
  const { settings, problems } = readSettings(env, readText);
  for (const found of problems) say(formatProblem(found));
  const resource = resourceOf(settings, {
    program: join(cwd, 'service.js'),
    hostname: hostname(),
    pid: process.pid,
    processId: randomUUID(),
    version: VERSION,
    readFile: readText,
  });
  const serviceName = resource['service.name'] ?? '';
  const meetingPoint = meetingPointOf(settings, serviceName, cwd);
  if (!meetingPoint) {
    throw new MonitoringError('MON_MONITOR_PLACE', {
      where: serviceName,
      got: 'there is no private folder for its socket',
    });
  }
  const start = {
    settings,
    serviceName,
    resource,
    version: VERSION,
    cwd,
    meetingPoint,
    takeover: false,
    insists: true,
  };
  const monitor = await startMonitor(start, undefined);
  if (!monitor) {
    throw new MonitoringError('MON_MONITOR_PLACE', {
      where: serviceName,
      got: 'another separate monitor leads already',
    });
  }
  return monitor;
}
