import type { Evaluator } from '../../../alerts/evaluation/evaluator.ts';
import type { Queryable } from '../../../samples/queryable.ts';
import type { Handler, Page, Routes } from '../http-server.ts';
import { metadataPage } from './metadata.ts';
import { instantQuery, rangeQuery } from './query.ts';
import { QueryRunner } from './query-runner.ts';
import { ApiError, failure, success } from './reply.ts';
import { alertsPage, rulesPage } from './rules.ts';
import { labelsPage, labelValuesPage, seriesPage } from './series.ts';

export interface ApiOptions {
  /** The samples that the rules are evaluated over. */
  readonly store: Queryable;
  readonly evaluator: Evaluator;
  /** Interval of the rules: the step of subqueries that name none. */
  readonly intervalMs: number;
  /** Counters count from their start timestamps; default true, as for rules. */
  readonly useStartTimestamps?: boolean;
  readonly version: string;
  readonly now?: () => number;
  /** A clock that only goes forward. */
  readonly monotonicMs?: () => number;
}

/** The version of Prometheus whose API this is; Grafana decides by it which requests it may send. */
const API_VERSION = '3.0.0';

/** Answers errors of the API in its own form; others go on to the server. */
function guarded(answer: (request: URL) => Page | Promise<Page>): Handler {
  return async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      if (error instanceof ApiError) return failure(error);
      throw error;
    }
  };
}

/** Also by POST, as Grafana asks by default. */
function formToo(answer: (request: URL) => Page | Promise<Page>): { readonly form: Handler } {
  return { form: guarded(answer) };
}

/** The read-only part of Prometheus' HTTP API, over the samples and rules of this monitor. */
export function apiRoutes(options: ApiOptions): Routes {
  const { store, evaluator, intervalMs, version, now = Date.now } = options;
  const { monotonicMs = (): number => performance.now() } = options;
  const runner = new QueryRunner({ ...options, monotonicMs, subqueryStepMs: intervalMs });
  const search = { store, runner, monotonicMs };
  const build = {
    version: API_VERSION,
    revision: `geometra-monitoring ${version}`,
    branch: '',
    buildUser: '',
    buildDate: '',
    goVersion: '',
  };
  return {
    '/api/v1/query': formToo((request) => instantQuery(request, runner, now())),
    '/api/v1/query_range': formToo((request) => rangeQuery(request, runner)),
    '/api/v1/series': formToo((request) => seriesPage(request, search)),
    '/api/v1/labels': formToo((request) => labelsPage(request, search)),
    '/api/v1/label/*/values': guarded((request) => labelValuesPage(request, search)),
    '/api/v1/rules': guarded((request) => rulesPage(request, evaluator.status())),
    '/api/v1/alerts': guarded(() => alertsPage(evaluator.status())),
    '/api/v1/metadata': guarded(metadataPage),
    '/api/v1/status/buildinfo': guarded(() => success(build)),
  };
}
