import type { Settings } from '../config/read-settings.ts';
import { LabelLimit } from '../metrics/label-limit.ts';
import type { LabelLimits } from '../metrics/recorder.ts';
import type { OwnLog } from '../own-log/own-log.ts';

/** The limits of all labels as the settings have them; each is logged once when it is reached. */
export function labelLimits(settings: Settings, ownLog: OwnLog): LabelLimits {
  const limit = (where: string, max: number, setting: string): LabelLimit =>
    new LabelLimit(max, (got) => ownLog.problem('MON_LABEL_LIMIT', { where, got, setting }));
  const small = (where: string): LabelLimit =>
    limit(where, settings.maxLabelValues, 'MONITORING_MAX_LABEL_VALUES');
  return {
    endpoint: limit('endpoint', settings.maxEndpoints, 'MONITORING_MAX_ENDPOINTS'),
    model: small('model'),
    database: small('database'),
    application: small('application'),
    event: small('event'),
  };
}
