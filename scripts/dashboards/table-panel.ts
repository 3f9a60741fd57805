import { TableCellHeight, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue, ThresholdsConfigBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import * as table from '@grafana/grafana-foundation-sdk/table';
import { atOnce } from './queries.ts';
import { METRICS } from './variables.ts';

export interface Column {
  readonly title: string;
  /** One value per row, with exactly the labels of the rows. */
  readonly expr: string;
  readonly unit?: string;
  readonly limits?: ThresholdsConfigBuilder;
}

export interface TablePanel {
  readonly title: string;
  /** What the panel answers, shown when one points at it. */
  readonly about: string;
  readonly width: number;
  readonly height?: number;
  /** Labels that name a row, and their titles. */
  readonly rows: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  /** Title of the column that is greatest in the first row, or first in the alphabet where `ascending`. */
  readonly sortedBy: string;
  readonly ascending?: boolean;
}

function propertiesOf({ unit = 'short', limits }: Column): DynamicConfigValue[] {
  return [
    { id: 'unit', value: unit },
    ...(limits === undefined
      ? []
      : [
          { id: 'thresholds', value: limits.build() },
          { id: 'custom.cellOptions', value: { type: 'color-text' } },
        ]),
  ];
}

/** A row per set of labels, a column per query. */
export function rowsOf(panel: TablePanel): table.PanelBuilder {
  const { title, about, width, height = 9, rows, columns, sortedBy, ascending = false } = panel;
  // Grafana names the value of the only query `Value`, those of several `Value #A`, `Value #B`.
  const valueOf = (i: number): string =>
    columns.length === 1 ? 'Value' : `Value #${String.fromCodePoint(65 + i)}`;
  const titles = Object.fromEntries(columns.map((column, i) => [valueOf(i), column.title]));
  const order = [...Object.keys(rows), ...Object.keys(titles)];
  const built = new table.PanelBuilder()
    .title(title)
    .description(about)
    .datasource(METRICS)
    .targets(atOnce(columns, true))
    .span(width)
    .height(height)
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(order.map((name, i) => [name, i])),
        renameByName: { ...rows, ...titles },
      },
    })
    .cellHeight(TableCellHeight.Sm)
    .showHeader(true)
    .sortBy([new TableSortByFieldStateBuilder().displayName(sortedBy).desc(!ascending)]);
  for (const column of columns) built.overrideByName(column.title, propertiesOf(column));
  return built;
}
