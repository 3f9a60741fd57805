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

  Starts the local stack (collector, log database, Prometheus, Alertmanager, mail server), prints its addresses and
  ends it with Ctrl-C. Docker with compose is used where an engine answers, else the programs that
  \`npm run stack:install\` has built, with the same configuration files.

  --native | --compose    one of the two, whatever is there
  --ports free            ports that nobody uses in place of the usual ones
  --logs victorialogs     VictoriaLogs in Loki's place (always so without containers, unless LOKI_URL is set)
  --demo                  the demo shop as well, preloaded (containers only)
  --fresh                 empty databases, gone at the end

  Settings: STACK_METRICS=otlp|scrape, OTLP_TOKEN=<token>, LOKI_URL=http://… (a Loki that runs elsewhere),
  and those at the head of docker-compose.yml.
`;

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new Error(`${name}: expected ${choices.join(' or ')}, got "${value}"`);
}

/** Reads the command line; `undefined` asks for the usage. Throws with a text for people. */
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
  if (values.native && values.compose) throw new Error('--native and --compose: expected one of them');
  if (values.native && values.demo)
    throw new Error('--demo: the shop of the stack runs in a container only; `npm run demo` needs none');
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
