import * as common from '@grafana/grafana-foundation-sdk/common';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type {
  DynamicConfigValue,
  ThresholdsConfigBuilder,
  ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { limits } from './colors.ts';
import { asHeatmap, atOnce, overTime, type Query } from './queries.ts';
import { METRICS } from './variables.ts';

/** Width of a dashboard in Grafana's columns. */
export const FULL_WIDTH = 24;

interface Common {
  readonly title: string;
  /** What the panel answers, shown when one points at it. */
  readonly about: string;
  /** Columns of 24. */
  readonly width: number;
  readonly unit?: string;
  readonly limits?: ThresholdsConfigBuilder;
}

export interface NumberPanel extends Common {
  readonly expr: string;
  /** Shows a sparkline; false: one value over the selected time range. */
  readonly withLine?: boolean;
  readonly mappings?: readonly ValueMapping[];
}

/** One number. */
export function number(panel: NumberPanel): stat.PanelBuilder {
  const { title, about, width, unit = 'short', expr, withLine = false, mappings = [] } = panel;
  const queries = [{ expr }];
  return new stat.PanelBuilder()
    .title(title)
    .description(about)
    .datasource(METRICS)
    .targets(withLine ? overTime(queries) : atOnce(queries))
    .span(width)
    .height(4)
    .unit(unit)
    .noValue('–')
    .thresholds(panel.limits ?? limits.neutral())
    .mappings([...mappings])
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(withLine ? common.BigValueGraphMode.Area : common.BigValueGraphMode.None)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
}

export interface LinesPanel extends Common {
  readonly queries: readonly Query[];
  readonly stacked?: boolean;
  readonly max?: number;
  /** Colours of series by a pattern of their names. */
  readonly colors?: readonly (readonly [pattern: string, DynamicConfigValue[]])[];
  readonly height?: number;
}

/** Lines over time, without their queries: for those of Loki. */
export function bareLines(panel: Omit<LinesPanel, 'queries'>): timeseries.PanelBuilder {
  const { title, about, width, unit = 'short', stacked = false, max, colors = [], height = 8 } = panel;
  const built = new timeseries.PanelBuilder()
    .title(title)
    .description(about)
    .span(width)
    .height(height)
    .unit(unit)
    .min(0)
    .lineWidth(1)
    .fillOpacity(stacked ? 40 : 8)
    .showPoints(common.VisibilityMode.Auto)
    .spanNulls(false)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    );
  if (stacked) built.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
  if (max !== undefined) built.max(max);
  if (panel.limits !== undefined) {
    built
      .thresholds(panel.limits)
      .thresholdsStyle(
        new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
      );
  }
  for (const [pattern, properties] of colors) built.overrideByRegexp(pattern, [...properties]);
  return built;
}

/** Lines over time. */
export function lines(panel: LinesPanel): timeseries.PanelBuilder {
  return bareLines(panel).datasource(METRICS).targets(overTime(panel.queries));
}

/** How values are spread, over time: the buckets of a histogram. */
export function spread(panel: Common & { readonly expr: string }): heatmap.PanelBuilder {
  const { title, about, width, unit = 's', expr } = panel;
  return new heatmap.PanelBuilder()
    .title(title)
    .description(about)
    .datasource(METRICS)
    .targets(asHeatmap(expr))
    .span(width)
    .height(8)
    .calculate(false)
    .yAxis(new heatmap.YAxisConfigBuilder().unit(unit))
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scheme('Blues')
        .scale(heatmap.HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(64),
    )
    .cellGap(1)
    .hideLegend();
}

export interface StatesPanel extends Common {
  readonly queries: readonly Query[];
  readonly mappings: readonly ValueMapping[];
}

/** States over time, a row each. */
export function states(panel: StatesPanel): statetimeline.PanelBuilder {
  const { title, about, width, queries, mappings } = panel;
  return new statetimeline.PanelBuilder()
    .title(title)
    .description(about)
    .datasource(METRICS)
    .targets(overTime(queries))
    .span(width)
    .height(7)
    .noValue('none')
    .thresholds(panel.limits ?? limits.neutral())
    .mappings([...mappings])
    .mergeValues(true)
    .fillOpacity(70)
    .lineWidth(0)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(false)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom),
    );
}
