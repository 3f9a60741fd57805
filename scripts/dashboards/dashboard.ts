import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Dashboard,
  type DashboardLink,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import { FULL_WIDTH } from './panels.ts';
import { OF_SERVICE } from './queries.ts';
import { METRICS, type Variable } from './variables.ts';

/** On all of these dashboards; the links between them go by it. */
const TAG = 'geometra-monitoring';

/** What a dashboard is made of. */
export interface DashboardParts {
  /** Its name here, of its file, and behind `geometra-` in its address. */
  readonly name: string;
  readonly title: string;
  /** The question that it answers. */
  readonly about: string;
  readonly variables: readonly Variable[];
  /** Row by row; the widths of a row add up to 24. */
  readonly rows: readonly (readonly Builder<Panel>[])[];
}

/** Alerts that fire, as marks over all panels. */
function alertMarks(): AnnotationQueryBuilder {
  const expr = `max by (alertname, severity) (ALERTS{alertstate="firing",severity!="none",${OF_SERVICE}})`;
  return new AnnotationQueryBuilder()
    .name('Alerts')
    .datasource(METRICS)
    .enable(true)
    .iconColor('red')
    .titleFormat('{{alertname}}')
    .textFormat('{{severity}}')
    .tagKeys('severity')
    .target(new prometheus.DataqueryBuilder().expr(expr).refId('Alerts').range().interval('1m'));
}

/** In sight above the panels; the SDK would put it into a menu. */
function linkToOthers(): Builder<DashboardLink> {
  const { placement: _menu, ...link } = new DashboardLinkBuilder('Dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true)
    .build();
  return { build: () => link };
}

/** Puts the parts together. Throws when a row is not as wide as the screen. */
export function dashboard({ name, title, about, variables, rows }: DashboardParts): Dashboard {
  const built = new DashboardBuilder(`Geometra / ${title}`)
    .uid(`geometra-${name}`)
    .description(about)
    .tags([TAG])
    .editable()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .annotations([alertMarks()])
    .links([linkToOthers()])
    .variables([...variables]);
  let id = 0;
  for (const row of rows) {
    const panels = row.map((panel) => Object.assign(panel.build(), { id: (id += 1) }));
    const width = panels.reduce((sum, { gridPos }) => sum + (gridPos?.w ?? 0), 0);
    if (width !== FULL_WIDTH) throw new RangeError(`${name}: a row is ${width} columns wide`);
    for (const panel of panels) built.withPanel({ build: () => panel });
  }
  return built.build();
}
