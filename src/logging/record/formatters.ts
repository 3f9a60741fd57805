// Hot path: one line of a daily file per record.
import { escapeLine } from '../../own-log/escape.ts';
import { levelOfSeverity } from './levels.ts';
import type { LogEntry } from '../../spool/record.ts';
import { textExtras } from './text-extras.ts';
import { createAsctime, isoUtc } from '../../time/timestamps.ts';

/** Makes the text of one record in a daily file: whole lines. */
export type Formatter = (entry: LogEntry) => string;

/** As Python does, below its line; indented, so that no line of it can pass for a record (CWE-117). */
function stackLines(stack: string): string {
  return stack
    .split('\n')
    .map((line) => `    ${escapeLine(line)}\n`)
    .join('');
}

/** `<asctime> - <name> - <LEVEL> - <message>`, the extras as ` key=value`, and below it the stack of an error. */
function createTextFormatter(withExtras: boolean): Formatter {
  const time = createAsctime();
  return (entry) => {
    const level = levelOfSeverity(entry.severity);
    const extras = withExtras && entry.attributesJson !== '' ? textExtras(entry.attributesJson) : '';
    const message = escapeLine(entry.body + extras);
    const line = `${time(entry.atMs)} - ${escapeLine(entry.logger)} - ${level} - ${message}\n`;
    return entry.stack === '' ? line : line + stackLines(entry.stack);
  };
}

/** Python's `record.module`: the file's name without its ending. */
function moduleOf(filePath: string): string {
  const name = filePath.slice(Math.max(filePath.lastIndexOf('/'), filePath.lastIndexOf('\\')) + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

const WITHOUT_LOCATION = ',"module":null,"function":null,"line":null';

/** `module`, `function` and `line` of a location, rendered once per location. */
function createLocationJson(): (code: LogEntry['code']) => string {
  const rendered = new WeakMap<object, string>();
  return (code) => {
    if (code === undefined) return WITHOUT_LOCATION;
    const known = rendered.get(code);
    if (known !== undefined) return known;
    const module = JSON.stringify(moduleOf(code.filePath));
    const functionName = JSON.stringify(code.functionName === '' ? '<anonymous>' : code.functionName);
    const json = `,"module":${module},"function":${functionName},"line":${code.line}`;
    rendered.set(code, json);
    return json;
  };
}

/** The documented fields, then event name and trace ids where there are some, then the extras. */
function createJsonFormatter(): Formatter {
  const location = createLocationJson();
  return (entry) => {
    let line =
      `{"timestamp":"${isoUtc(entry.atMs, entry.subNs)}","level":"${levelOfSeverity(entry.severity)}"` +
      `,"logger":${JSON.stringify(entry.logger)},"message":${JSON.stringify(entry.body)}${location(entry.code)}`;
    if (entry.eventName !== '') line += `,"event.name":${JSON.stringify(entry.eventName)}`;
    if (entry.traceId !== '') line += `,"trace_id":"${entry.traceId}","span_id":"${entry.spanId}"`;
    if (entry.attributesJson !== '') line += `,${entry.attributesJson}`;
    return `${escapeLine(line)}}\n`;
  };
}

/** The forms that a line in the daily files can have, by their names in the header of a segment. */
export const formatters = {
  text: () => createTextFormatter(false),
  'text-extras': () => createTextFormatter(true),
  json: createJsonFormatter,
} as const satisfies Record<string, () => Formatter>;

export type LogFormat = keyof typeof formatters;

/** The form that the settings choose. */
export function logFormatOf(settings: {
  readonly logFormat: 'text' | 'json';
  readonly logTextExtras: boolean;
}): LogFormat {
  return settings.logFormat === 'text' && settings.logTextExtras ? 'text-extras' : settings.logFormat;
}

/** The formatter of a name from a segment's header; text for one that this version does not know. */
export function createFormatter(format: string): Formatter {
  return Object.hasOwn(formatters, format) ? formatters[format as LogFormat]() : formatters.text();
}
