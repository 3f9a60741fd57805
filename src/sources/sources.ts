import { httpSource } from './http/http-source.ts';
import { http2Source } from './http/http2-source.ts';
import { runtimeSource } from './runtime.ts';
import type { SourceRow } from './seam/source.ts';

/** One line per source. The preload loads this table: it must stay free of OpenTelemetry. */
export const sourceRows: readonly SourceRow[] = [httpSource, http2Source, runtimeSource];
