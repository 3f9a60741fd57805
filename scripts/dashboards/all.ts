import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { ai } from './ai.ts';
import { alerts } from './alerts.ts';
import { database } from './database.ts';
import { http } from './http.ts';
import { logs } from './logs.ts';
import { overview } from './overview.ts';
import { system } from './system.ts';

/** Every dashboard under the name of its file. */
export const dashboards: Readonly<Record<string, () => Dashboard>> = {
  overview,
  http,
  ai,
  database,
  system,
  logs,
  alerts,
};
