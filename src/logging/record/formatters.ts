// Hot path: one line of a daily file per record.
import { escapeLine } from '../../own-log/escape.ts';
import { levelOfSeverity } from './levels.ts';
import type { LogEntry } from '../../spool/record.ts';
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

/** `<asctime> - <name> - <LEVEL> - <message>`, and below it the stack of an error. */
function createTextFormatter(): Formatter {
  const time = createAsctime();
  return (entry) => {
    const level = levelOfSeverity(entry.severity);
    const line = `${time(entry.atMs)} - ${escapeLine(entry.logger)} - ${level} - ${escapeLine(entry.body)}\n`;
    return entry.stack === '' ? line : line + stackLines(entry.stack);
  };
}

/** Python's `record.module`: the file's name without its ending. */
function moduleOf(filePath: string): string {
  const name = filePath.slice(Math.max(filePath.lastIndexOf('/'), filePath.lastIndexOf('\\')) + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

const WITHOUT_PLACE = ',"module":null,"function":null,"line":null';

/** `module`, `function` and `line` of a place, rendered once per place. */
function createPlaceJson(): (code: LogEntry['code']) => string {
  const rendered = new WeakMap<object, string>();
  return (code) => {
    if (code === undefined) return WITHOUT_PLACE;
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
  const place = createPlaceJson();
  return (entry) => {
    let line =
      `{"timestamp":"${isoUtc(entry.atMs, entry.subNs)}","level":"${levelOfSeverity(entry.severity)}"` +
      `,"logger":${JSON.stringify(entry.logger)},"message":${JSON.stringify(entry.body)}${place(entry.code)}`;
    if (entry.eventName !== '') line += `,"event.name":${JSON.stringify(entry.eventName)}`;
    if (entry.traceId !== '') line += `,"trace_id":"${entry.traceId}","span_id":"${entry.spanId}"`;
    if (entry.attributesJson !== '') line += `,${entry.attributesJson}`;
    return `${line}}\n`;
  };
}

/** The forms that a line in the daily files can have, by the value of the setting `logFormat`. */
export const formatters = {
  text: createTextFormatter,
  json: createJsonFormatter,
} as const satisfies Record<string, () => Formatter>;

export type LogFormat = keyof typeof formatters;

/** The formatter of a name from a segment's header; text for one that this version does not know. */
export function createFormatter(format: string): Formatter {
  return format in formatters ? formatters[format as LogFormat]() : formatters.text();
}
