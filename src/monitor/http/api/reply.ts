import type { Page } from '../http-server.ts';

/** Kinds of errors and their HTTP status (Prometheus, web/api/v1/api.go). */
const STATUS = {
  bad_data: 400,
  not_found: 404,
  execution: 422,
  timeout: 503,
  unavailable: 503,
} as const;

export type ErrorType = keyof typeof STATUS;

/** A request that cannot be answered; `message` is worded as Prometheus words it. */
export class ApiError extends Error {
  readonly type: ErrorType;

  constructor(type: ErrorType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiError';
    this.type = type;
  }
}

/** A parameter that cannot be used. */
export function invalidParameter(name: string, why: string): ApiError {
  return new ApiError('bad_data', `invalid parameter ${JSON.stringify(name)}: ${why}`);
}

/** What the envelope carries besides the data. */
export interface Notes {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

const CONTENT_TYPE = 'application/json';

/** Answers with data that is JSON text already. */
export function successText(data: string, { warnings = [], infos = [] }: Notes = {}): Page {
  const notes = [
    warnings.length > 0 ? `,"warnings":${JSON.stringify(warnings)}` : '',
    infos.length > 0 ? `,"infos":${JSON.stringify(infos)}` : '',
  ];
  return { contentType: CONTENT_TYPE, body: `{"status":"success","data":${data}${notes.join('')}}` };
}

export function success(data: unknown, notes?: Notes): Page {
  return successText(JSON.stringify(data), notes);
}

export function failure({ type, message }: ApiError): Page {
  const body = JSON.stringify({ status: 'error', errorType: type, error: message });
  return { status: STATUS[type], contentType: CONTENT_TYPE, body };
}
