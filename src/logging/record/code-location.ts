// Hot path: one stack capture of a single frame per record, the dearest part of a log call (about 2.3 µs of CPU;
// util.getCallSites 3.1, reading the text of the stack 2.6). Everything made from a location is kept.
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CodeLocation } from '../../spool/record.ts';

/** Locations beyond this many are read but no longer kept: generated code could bring endless new ones. */
const MAX_LOCATIONS = 10_000;

const locations = new Map<string, Map<number, CodeLocation>>();
let locationCount = 0;

const firstFrame = (_: Error, frames: NodeJS.CallSite[]): NodeJS.CallSite | undefined => frames[0];

function toPath(fileName: string): string {
  if (!fileName.startsWith('file:')) return fileName;
  try {
    return fileURLToPath(fileName);
  } catch {
    return fileName;
  }
}

function describe(frame: NodeJS.CallSite, fileName: string): CodeLocation {
  const functionName = frame.getFunctionName() ?? '';
  const filePath = toPath(fileName);
  const line = frame.getLineNumber() ?? 0;
  return { functionName, filePath, line, json: JSON.stringify([functionName, filePath, line]) };
}

/** Only files have locations worth keeping: nameless code of `eval` and `vm` shares one name. */
function keep(fileName: string, position: number, location: CodeLocation): void {
  if (locationCount >= MAX_LOCATIONS || !(fileName.startsWith('file:') || isAbsolute(fileName))) return;
  locationCount++;
  const inFile = locations.get(fileName);
  if (inFile) inFile.set(position, location);
  else locations.set(fileName, new Map([[position, location]]));
}

/**
 * The location from which `called` was called, or `undefined` if the stack does not show it. `called` and what it
 * called are left out. The process's own `Error.prepareStackTrace` and `stackTraceLimit` are put back at once.
 */
export function callerOf(called: (...args: never[]) => unknown): CodeLocation | undefined {
  try {
    // oxlint-disable-next-line typescript/unbound-method -- it is put back, not called
    const { stackTraceLimit, prepareStackTrace } = Error;
    const holder: { stack?: unknown } = {};
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = firstFrame;
    Error.captureStackTrace(holder, called);
    const frame = holder.stack as NodeJS.CallSite | undefined;
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
    if (typeof frame?.getFileName !== 'function') return undefined;
    const fileName = frame.getFileName() ?? frame.getEvalOrigin() ?? '';
    const position = frame.getPosition();
    const known = locations.get(fileName)?.get(position);
    if (known) return known;
    const location = describe(frame, fileName);
    keep(fileName, position, location);
    return location;
  } catch {
    return undefined; // Frozen intrinsics: Error cannot be changed.
  }
}
