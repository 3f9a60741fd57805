import { parseAddress } from '../../address/address.ts';
import { withoutCredentials } from '../../address/masked.ts';
import { MonitoringError } from '../../errors.ts';
import { ask, type Answer } from '../remote/http-request.ts';

/** A Grafana, by its HTTP API: https://grafana.com/docs/grafana/latest/developers/http_api/dashboard/ and .../folder/. */
export interface Grafana {
  /** The uid of the folder of this title, which is created if missing. Throws a `MonitoringError`. */
  folderUid(title: string): Promise<string>;
  /**
   * Creates the dashboard, or updates the one with the same uid; Grafana keeps its versions. Throws `RejectedByGrafana`
   * if Grafana rejects this dashboard, and a `MonitoringError` if it rejects all.
   */
  save(dashboard: Readonly<Record<string, unknown>>, folderUid: string): Promise<SavedDashboard>;
}

/** A saved dashboard. */
export interface SavedDashboard {
  /** Full address in Grafana. */
  readonly url: string;
  readonly version: number;
}

/** The reason why Grafana rejects a dashboard. */
export class RejectedByGrafana extends Error {
  override readonly name = 'RejectedByGrafana';
}

/** Page size of the folder list. */
const PAGE = 1000;
/** Shown in the history of a dashboard. */
const MESSAGE = 'geometra-monitoring dashboards push';

type Body = Readonly<Record<string, unknown>>;

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const isBody = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The error message of Grafana, if any. */
function reasonOf({ status, body }: Answer): string {
  const answer = parsed(body);
  const message = isBody(answer) ? answer['message'] : undefined;
  return typeof message === 'string' && message !== '' ? `${status}, ${message}` : `status ${status}`;
}

function failure(address: string, answer: Answer): MonitoringError {
  const help =
    answer.status === 403
      ? 'grant the Editor role to the service account of the token'
      : 'check that --url is the base URL of a Grafana server';
  return new MonitoringError('MON_GRAFANA', {
    where: withoutCredentials(address),
    got: reasonOf(answer),
    help,
  });
}

/** The Grafana at `base`, such as `https://grafana.example/`; `token` is that of a service account. */
export function grafanaAt(base: string, token: string | undefined): Grafana {
  const root = base.replace(/\/+$/, '');
  const address = (path: string): string => `${root}/api/${path}`;

  async function findFolder(title: string): Promise<string | undefined> {
    for (let page = 1; ; page += 1) {
      const where = address(`folders?limit=${PAGE}&page=${page}`);
      const answer = await ask(where, { token });
      const folders = parsed(answer.body);
      if (answer.status !== 200 || !Array.isArray(folders)) throw failure(where, answer);
      const found = folders.filter(isBody).find((folder) => folder['title'] === title);
      if (found !== undefined) return String(found['uid']);
      if (folders.length < PAGE) return undefined;
    }
  }

  async function createFolder(title: string): Promise<string> {
    const where = address('folders');
    const answer = await ask(where, { token, json: { title } });
    const made = parsed(answer.body);
    if (answer.status !== 200 || !isBody(made)) throw failure(where, answer);
    return String(made['uid']);
  }

  return {
    async folderUid(title) {
      return (await findFolder(title)) ?? createFolder(title);
    },

    async save(dashboard, folderUid) {
      const where = address('dashboards/db');
      // Without an id, which differs between Grafana servers: the uid identifies the dashboard.
      const json = {
        dashboard: { ...dashboard, id: null },
        folderUid,
        message: MESSAGE,
        overwrite: true,
      };
      const answer = await ask(where, { token, json });
      const saved = parsed(answer.body);
      if (answer.status === 400 || answer.status === 412) throw new RejectedByGrafana(reasonOf(answer));
      if (answer.status !== 200 || !isBody(saved)) throw failure(where, answer);
      // The path includes the prefix under which Grafana is served.
      const url = new URL(String(saved['url']), `${withoutUser(root)}/`).href;
      return { url, version: Number(saved['version']) };
    },
  };
}

/** The URL without user and password, which must not be part of printed URLs. */
function withoutUser(text: string): string {
  return (parseAddress(text)?.url ?? '').replace(/\/+$/, '');
}
