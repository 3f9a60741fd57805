import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../../scripts/stack/programs.ts';

/** A query of a panel of our Grafana dashboards. */
export interface PanelQuery {
  readonly dashboard: string;
  readonly panel: string;
  readonly query: string;
}

interface Panel {
  readonly title?: string;
  readonly datasource?: { readonly type?: string };
  readonly targets?: readonly { readonly expr?: string; readonly datasource?: { readonly type?: string } }[];
  readonly panels?: readonly Panel[];
}

const FOLDER = join(repository, 'collector', 'grafana', 'dashboards');

function queriesOf(dashboard: string, panel: Panel, source: string): readonly PanelQuery[] {
  const own = (panel.targets ?? [])
    .filter((target) => (target.datasource ?? panel.datasource)?.type === source)
    .map(({ expr = '' }) => ({ dashboard, panel: panel.title ?? '', query: expr }));
  return [...own, ...(panel.panels ?? []).flatMap((inner) => queriesOf(dashboard, inner, source))];
}

/** All queries of our dashboards to one kind of data source. */
export function panelQueries(source: 'prometheus' | 'loki'): readonly PanelQuery[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const { panels = [] } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Panel;
      return panels.flatMap((panel) => queriesOf(name, panel, source));
    });
}

/** Fills in what Grafana would: everything is chosen, and the intervals fit a look every second. */
export function filledIn(query: string): string {
  return query
    .replaceAll('$__rate_interval', '15s')
    .replaceAll('$__range', '5m')
    .replaceAll('$__interval', '5s')
    .replaceAll(/\$\{?\w+\}?/g, '.*');
}
