import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readSettings, type Settings } from '../../config/read-settings.ts';
import { resourceOf } from '../../config/service-identity.ts';
import { VERSION } from '../../config/version.ts';
import type { Problem } from '../../errors.ts';
import { type MeetingPoint, meetingPointOf } from '../../link/meeting-point.ts';

/** The service of a folder and an environment, seen from outside its processes, and where they meet. */
export interface LocatedService {
  readonly settings: Settings;
  readonly problems: readonly Problem[];
  readonly resource: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** Undefined where there is no private folder for a socket. */
  readonly meetingPoint: MeetingPoint | undefined;
}

const readText = (path: string): string => readFileSync(path, 'utf8');

/** Finds the service that would be started in this folder with this environment. */
export function locateService(env: NodeJS.ProcessEnv, cwd: string): LocatedService {
  const { settings, problems } = readSettings(env, readText);
  const resource = resourceOf(settings, {
    program: join(cwd, 'service.js'),
    cwd,
    hostname: hostname(),
    pid: process.pid,
    processId: randomUUID(),
    version: VERSION,
    readFile: readText,
  });
  const serviceName = resource['service.name'] ?? '';
  return {
    settings,
    problems,
    resource,
    serviceName,
    meetingPoint: meetingPointOf(settings, serviceName, cwd),
  };
}
