import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface DataSource {
  readonly type: string;
  readonly uid: string;
}

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly datasource?: DataSource;
  readonly instant?: boolean;
  readonly interval?: string;
}

export interface PanelFile {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly datasource: DataSource;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly Target[];
}

export interface VariableFile {
  readonly name: string;
  readonly type: string;
  readonly query: unknown;
  readonly allValue?: string;
  readonly datasource?: DataSource;
}

/** What the tests read of a dashboard in Grafana's JSON. */
export interface DashboardFile {
  readonly name: string;
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly panels: readonly PanelFile[];
  readonly templating: { readonly list: readonly VariableFile[] };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly target: Target }[] };
  /** The file as it is. */
  readonly text: string;
}

/** The dashboards that Grafana of the local stack loads and that the package ships. */
export const FOLDER = join(import.meta.dirname, '..', '..', '..', 'collector', 'grafana', 'dashboards');

/** All of them. */
export function dashboardFiles(): readonly DashboardFile[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return files.map((file) => {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    return { ...(JSON.parse(text) as DashboardFile), name: basename(file, '.json'), text };
  });
}

/** The query as Grafana sends it when everything is chosen and nothing is typed. */
export function filledIn(query: string, { templating }: DashboardFile): string {
  const values = new Map(templating.list.map(({ name, allValue = '' }) => [name, allValue]));
  return query
    .replaceAll(/\$__(?:rate_interval|range|interval|auto)/g, '5m')
    .replaceAll(/\$(\w+)/g, (text, name: string) => values.get(name) ?? text);
}

/** What a panel asks. */
export interface PanelQuery {
  /** Dashboard, panel and expression, for messages. */
  readonly where: string;
  readonly target: Target;
  /** With everything chosen. */
  readonly query: string;
}

/** All queries of all panels that ask this kind of data source. */
export function panelQueries(type: 'prometheus' | 'loki'): readonly PanelQuery[] {
  return dashboardFiles().flatMap((dashboard) =>
    dashboard.panels
      .filter(({ datasource }) => datasource.type === type)
      .flatMap(({ title, targets }) =>
        targets.map((target) => ({
          where: `${dashboard.name}, ${title}: ${target.expr}`,
          target,
          query: filledIn(target.expr, dashboard),
        })),
      ),
  );
}
