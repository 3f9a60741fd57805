import type { ProgramName } from './programs.ts';

/** One thing that a service listens for. */
interface Listener {
  /** Port inside the container, as the configuration files name it. */
  readonly port: number;
  /** Arguments that make the program listen on this address instead. */
  readonly args?: (address: string) => readonly string[];
  /** Variables that do. */
  readonly env?: (address: string) => Readonly<Record<string, string>>;
}

/** A service of docker-compose.yml with addresses for users. */
export interface StackService {
  /** The native program; undefined if there is none. */
  readonly program: ProgramName | undefined;
  readonly listeners: readonly Listener[];
  /** Returns 2xx when the service is ready. */
  readonly health: { readonly port: number; readonly path: string };
  /** What to open or to send to, in the order in which it is printed. */
  readonly shown: readonly {
    readonly what: string;
    readonly port: number;
    readonly scheme: string;
    readonly path?: string;
  }[];
}

const afterColon = (address: string): string => address.slice(address.lastIndexOf(':') + 1);
const beforeColon = (address: string): string => address.slice(0, address.lastIndexOf(':'));

/** By name in docker-compose.yml, in start order: receivers first. */
export const stackServices = {
  mailpit: {
    program: 'mailpit',
    listeners: [
      { port: 1025, args: (address) => ['--smtp', address] },
      { port: 8025, args: (address) => ['--listen', address] },
    ],
    health: { port: 8025, path: '/readyz' },
    shown: [
      { what: 'mails', port: 8025, scheme: 'http', path: '/' },
      { what: 'mail server', port: 1025, scheme: 'smtp' },
    ],
  },
  alertmanager: {
    program: 'alertmanager',
    listeners: [{ port: 9093, args: (address) => [`--web.listen-address=${address}`] }],
    health: { port: 9093, path: '/-/ready' },
    shown: [{ what: 'Alertmanager', port: 9093, scheme: 'http', path: '/' }],
  },
  prometheus: {
    program: 'prometheus',
    listeners: [{ port: 9090, args: (address) => [`--web.listen-address=${address}`] }],
    health: { port: 9090, path: '/-/ready' },
    shown: [{ what: 'Prometheus', port: 9090, scheme: 'http', path: '/' }],
  },
  victorialogs: {
    program: 'victoria-logs',
    listeners: [{ port: 9428, args: (address) => [`-httpListenAddr=${address}`] }],
    health: { port: 9428, path: '/health' },
    shown: [{ what: 'VictoriaLogs', port: 9428, scheme: 'http', path: '/select/vmui/' }],
  },
  loki: {
    program: undefined,
    listeners: [{ port: 3100 }],
    health: { port: 3100, path: '/ready' },
    shown: [{ what: 'Loki', port: 3100, scheme: 'http' }],
  },
  otelcol: {
    program: 'otelcol',
    listeners: [
      { port: 4318, env: (address) => ({ OTLP_LISTEN: address }) },
      { port: 13_133, env: (address) => ({ HEALTH_LISTEN: address }) },
      {
        port: 8888,
        env: (address) => ({
          SELF_METRICS_HOST: beforeColon(address),
          SELF_METRICS_PORT: afterColon(address),
        }),
      },
    ],
    health: { port: 13_133, path: '/' },
    shown: [{ what: 'collector (OTLP)', port: 4318, scheme: 'http' }],
  },
  grafana: {
    program: undefined,
    listeners: [{ port: 3000 }],
    health: { port: 3000, path: '/api/health' },
    shown: [{ what: 'Grafana', port: 3000, scheme: 'http', path: '/' }],
  },
  demo: {
    program: undefined,
    listeners: [{ port: 8080 }, { port: 9464 }],
    health: { port: 8080, path: '/' },
    shown: [
      { what: 'shop', port: 8080, scheme: 'http', path: '/' },
      { what: 'shop metrics', port: 9464, scheme: 'http', path: '/metrics' },
    ],
  },
} as const satisfies Record<string, StackService>;

export type ServiceName = keyof typeof stackServices;

export const serviceNames = Object.keys(stackServices) as ServiceName[];

export const stackService = (name: ServiceName): StackService => stackServices[name];
