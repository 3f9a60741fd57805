import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** The data sources by variable, so that a dashboard works in any Grafana; the values are those of the local stack. */
export const METRICS = { type: 'prometheus', uid: '${metrics}' };
export const LOGS = { type: 'loki', uid: '${logs}' };

/** Matches everything, also series that lack the label. */
const ANYTHING = '.*';
const ALL = { text: 'All', value: '$__all' };
/** The choice of all, where several can be chosen. */
const ALL_CHOSEN = { text: ['All'], value: ['$__all'] };

export type Variable =
  DatasourceVariableBuilder | QueryVariableBuilder | CustomVariableBuilder | TextBoxVariableBuilder;

function sourceVariable(name: string, label: string, type: 'prometheus' | 'loki'): Variable {
  return new DatasourceVariableBuilder(name)
    .label(label)
    .type(type)
    .current({ text: type === 'loki' ? 'Loki' : 'Prometheus', value: type })
    .hide(VariableHide.InControlsMenu);
}

export const metricsSource = (): Variable => sourceVariable('metrics', 'Metrics source', 'prometheus');
export const logsSource = (): Variable => sourceVariable('logs', 'Logs source', 'loki');

/** All values of a label of Prometheus; several can be chosen. `series` is a selector, with what is chosen before. */
export function labelVariable(name: string, label: string, series: string): Variable {
  const query = `label_values(${series}, ${name})`;
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(METRICS)
    .definition(query)
    .query({ query, refId: name, qryType: 1 })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(ANYTHING)
    .current(ALL_CHOSEN);
}

/** Service and process, by which every dashboard of metrics is narrowed. Each service has these gauges from its start. */
export const serviceVariables = (): Variable[] => [
  labelVariable('job', 'Service', 'system_cpu_usage'),
  labelVariable('instance', 'Process or host', 'system_cpu_usage{job=~"$job"}'),
];

/**
 * All values of a label of Loki among the lines that `stream` selects. `all` is the pattern that stands for all of
 * them; Loki wants one in each selector that does not fit an absent label (`.+`).
 */
export function logLabelVariable(
  [name, title]: readonly [name: string, title: string],
  label: string,
  stream: string,
  all: '.+' | '.*',
): Variable {
  return new QueryVariableBuilder(name)
    .label(title)
    .datasource(LOGS)
    .definition(`label_values(${stream === '' ? '' : `${stream}, `}${label})`)
    .query({ label, stream, type: 1, refId: name })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(all)
    .current(ALL_CHOSEN);
}

/** A choice of fixed values, several at once. */
export function choiceVariable(name: string, label: string, values: readonly string[]): Variable {
  return new CustomVariableBuilder(name)
    .label(label)
    .values(values.join(','))
    .options([ALL, ...values.map((value) => ({ text: value, value }))])
    .multi(true)
    .includeAll(true)
    .allValue(ANYTHING)
    .current(ALL_CHOSEN);
}

/** A text to type, empty at first. */
export function textVariable(name: string, label: string): Variable {
  return new TextBoxVariableBuilder(name).label(label).defaultValue('').current({ text: '', value: '' });
}
