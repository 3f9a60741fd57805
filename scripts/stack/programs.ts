import { join } from 'node:path';

/** How to build a program with the Go toolchain. */
export type Recipe =
  /** `go install <package>@<version>`. */
  | {
      readonly kind: 'install';
      readonly package: string;
      readonly version: string;
      readonly linkFlags?: string;
    }
  /** The collector's own builder, with a manifest that lists its parts; the builder is installed first. */
  | {
      readonly kind: 'collector';
      readonly builder: string;
      readonly version: string;
      readonly manifest: string;
    }
  /** A module of ours whose go.mod and go.sum pin what the program's own go.mod does not. */
  | {
      readonly kind: 'module';
      readonly package: string;
      readonly folder: string;
    };

export interface Program {
  /** The released version. */
  readonly version: string;
  readonly purpose: string;
  readonly recipe: Recipe;
}

const PROMETHEUS = {
  version: '3.16.0',
  // Prometheus' modules count 0.3xx for 3.xx. Grafana reads the version from /api/v1/status/buildinfo.
  module: 'v0.316.0',
  linkFlags: '-X github.com/prometheus/common/version.Version=3.16.0',
} as const;

/**
 * The programs of the local stack that are built without an image, each at one version. Seen to build with Go 1.26:
 * Alertmanager 0.32 to 0.34 do not (a part of their web page is not in the module), nor does the version of
 * VictoriaMetrics that VictoriaLogs names. Loki and Grafana are not built here: their licence is the AGPL.
 */
export const programs = {
  prometheus: {
    version: PROMETHEUS.version,
    purpose: 'metrics',
    recipe: {
      kind: 'install',
      package: 'github.com/prometheus/prometheus/cmd/prometheus',
      version: PROMETHEUS.module,
      linkFlags: PROMETHEUS.linkFlags,
    },
  },
  promtool: {
    version: PROMETHEUS.version,
    purpose: 'checks rules, metrics and configuration',
    recipe: {
      kind: 'install',
      package: 'github.com/prometheus/prometheus/cmd/promtool',
      version: PROMETHEUS.module,
      linkFlags: PROMETHEUS.linkFlags,
    },
  },
  otelcol: {
    version: '0.165.0',
    purpose: 'OpenTelemetry collector',
    recipe: {
      kind: 'collector',
      builder: 'go.opentelemetry.io/collector/cmd/builder',
      version: 'v0.165.0',
      manifest: 'collector/manifest.yaml',
    },
  },
  'victoria-logs': {
    version: '1.51.1-0.20260624061259',
    purpose: 'log database, used without Loki',
    recipe: {
      kind: 'module',
      package: 'github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs',
      folder: 'scripts/stack/victoria-logs',
    },
  },
  alertmanager: {
    version: '0.31.1',
    purpose: 'groups and sends alerts',
    recipe: {
      kind: 'install',
      package: 'github.com/prometheus/alertmanager/cmd/alertmanager',
      version: 'v0.31.1',
      linkFlags: '-X github.com/prometheus/common/version.Version=0.31.1',
    },
  },
  mailpit: {
    version: '1.27.11',
    purpose: 'mail server that displays mails',
    recipe: { kind: 'install', package: 'github.com/axllent/mailpit', version: 'v1.27.11' },
  },
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof programs;

/** Names in the order in which they are built. */
export const programNames = Object.keys(programs) as ProgramName[];

export const repository = join(import.meta.dirname, '..', '..');

/** Folder of everything that the stack builds and stores: git-ignored, or STACK_FOLDER. */
export const stackFolder = process.env['STACK_FOLDER'] ?? join(repository, '.stack');

/** The path of a built program, whether it exists or not. */
export function programPath(name: ProgramName): string {
  return join(stackFolder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}
