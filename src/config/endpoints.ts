import type { Settings } from './read-settings.ts';

/** A path below an endpoint; a query of the endpoint stays behind it. */
function under(base: string | undefined, path: string): string | undefined {
  if (base === undefined) return undefined;
  const [, address = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(base) ?? [];
  return `${address.replace(/\/+$/, '')}${path}${rest}`;
}

/** Where log records are sent; undefined where none is set or logs are switched off (OTLP specification, endpoints). */
export function logsEndpoint(settings: Settings): string | undefined {
  if (!settings.logsExporters.includes('otlp')) return undefined;
  return settings.otlpLogsEndpoint ?? under(settings.otlpEndpoint, '/v1/logs');
}

/** Where metrics are pushed; undefined where none is set or pushing is switched off. */
export function metricsEndpoint(settings: Settings): string | undefined {
  if (!settings.metricsExporters.includes('otlp')) return undefined;
  return settings.otlpMetricsEndpoint ?? under(settings.otlpEndpoint, '/v1/metrics');
}

export function logsHeaders(settings: Settings): Record<string, string> {
  return { ...settings.otlpHeaders, ...settings.otlpLogsHeaders };
}

export function metricsHeaders(settings: Settings): Record<string, string> {
  return { ...settings.otlpHeaders, ...settings.otlpMetricsHeaders };
}
