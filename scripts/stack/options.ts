import { parseArgs } from 'node:util';

export interface StackOptions {
  /** `auto`: compose where an engine answers, else native programs. */
  readonly how: 'auto' | 'compose' | 'native';
  /** `free`: any ports that nobody uses. */
  readonly ports: 'default' | 'free';
  readonly logs: 'loki' | 'victorialogs' | undefined;
  /** The demo shop as well (compose only). */
  readonly demo: boolean;
  /** Starts with empty databases and leaves none. */
  readonly fresh: boolean;
}

export const usage = `npm run stack [-- options]

  Starts the local stack (collector, log database, Prometheus, Alertmanager, mail server) and prints its addresses; Ctrl-C
  stops it. Uses Docker Compose if a container engine is running, else the programs built by \`npm run stack:install\`, with
  the same configuration files.

  --native | --compose    force one of the two
  --ports free            use free ports instead of the default ones
  --logs victorialogs     VictoriaLogs instead of Loki (default without containers, unless LOKI_URL is set)
  --demo                  include the preloaded demo shop (containers only)
  --fresh                 start with empty databases and delete them at the end

  Settings: STACK_METRICS=otlp|scrape, OTLP_TOKEN=<token>, LOKI_URL=http://… (an existing Loki), and those at the top of
  docker-compose.yml.
`;

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new Error(`${name}: expected ${choices.join(' or ')}, got "${value}"`);
}

/** Reads the command line; `undefined` asks for the usage. Throws an error with a user-facing message. */
export function readOptions(args: readonly string[]): StackOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      native: { type: 'boolean', default: false },
      compose: { type: 'boolean', default: false },
      ports: { type: 'string', default: 'default' },
      logs: { type: 'string' },
      demo: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  if (values.native && values.compose) throw new Error('--native and --compose exclude each other');
  if (values.native && values.demo) throw new Error('--demo needs containers; `npm run demo` runs without');
  const logs = values.logs === undefined ? undefined : oneOf('--logs', values.logs, ['loki', 'victorialogs']);
  return {
    how: values.native ? 'native' : values.compose ? 'compose' : 'auto',
    ports: oneOf('--ports', values.ports, ['default', 'free']),
    logs,
    demo: values.demo,
    fresh: values.fresh,
  };
}

const METRICS_PATHS = ['otlp', 'scrape'];

/** The variables of docker-compose.yml, checked: compose would answer a wrong one with a file that is not there. */
export function stackEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const metrics = env['STACK_METRICS'] ?? 'otlp';
  oneOf('STACK_METRICS', metrics, METRICS_PATHS);
  const token = env['OTLP_TOKEN'] ?? '';
  return {
    ...env,
    STACK_METRICS: metrics,
    OTLP_ACCESS: env['OTLP_ACCESS'] ?? (token === '' ? 'open' : 'token'),
  };
}
