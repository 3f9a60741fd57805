import {
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type DynamicConfigValue,
} from '@grafana/grafana-foundation-sdk/dashboard';

type Color = 'green' | 'yellow' | 'orange' | 'red' | 'blue' | 'purple' | 'text';

/** Colours by value: `base` below the first step, then each from its value on. */
export function thresholds(
  base: Color,
  ...steps: readonly (readonly [from: number, color: Color])[]
): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    // Null means "from minus infinity".
    { value: null, color: base },
    ...steps.map(([value, color]) => ({ value, color })),
  ]);
}

/** Where a value stops being good; the numbers of the rules that come with the package. */
export const limits = {
  errorShare: () => thresholds('green', [0.01, 'yellow'], [0.05, 'red']),
  httpSeconds: () => thresholds('green', [0.5, 'yellow'], [1, 'red']),
  aiSeconds: () => thresholds('green', [10, 'yellow'], [30, 'red']),
  querySeconds: () => thresholds('green', [0.1, 'yellow'], [0.5, 'red']),
  cpu: () => thresholds('green', [75, 'yellow'], [90, 'red']),
  memory: () => thresholds('green', [80, 'yellow'], [92, 'red']),
  disk: () => thresholds('green', [80, 'yellow'], [90, 'red']),
  lagSeconds: () => thresholds('green', [0.05, 'yellow'], [0.2, 'red']),
  busyShare: () => thresholds('green', [0.8, 'yellow'], [0.95, 'red']),
  none: () => thresholds('green', [1, 'red']),
  neutral: () => thresholds('text'),
};

const fixed = (color: Color): DynamicConfigValue[] => [
  { id: 'color', value: { mode: 'fixed', fixedColor: color } },
];

/** Colours by name pattern, for series whose name indicates severity. */
export const byStatus: readonly (readonly [pattern: string, DynamicConfigValue[]])[] = [
  ['/^[123]../', fixed('green')],
  ['/^4../', fixed('yellow')],
  ['/^499/', fixed('purple')],
  ['/^5../', fixed('red')],
];
export const byLevel: typeof byStatus = [
  ['/DEBUG/', fixed('blue')],
  ['/INFO/', fixed('green')],
  ['/WARNING/', fixed('yellow')],
  ['/ERROR/', fixed('red')],
  ['/CRITICAL/', fixed('purple')],
];
