import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readComposeServices } from '../../../scripts/stack/compose-file.ts';
import { programPath, repository, type ProgramName } from '../../../scripts/stack/programs.ts';

type Environment = Readonly<Record<string, string>>;

/** An image like the official one in what docker-compose.yml uses of it: paths, entry point, a shell or none. */
interface StandIn {
  readonly service: string;
  /** Program → path in the image. */
  readonly programs: Readonly<Partial<Record<ProgramName, string>>>;
  readonly entrypoint: string;
  /** Commands that busybox gives; none: nothing but the program is in the image. */
  readonly busybox: readonly string[];
}

const STAND_INS: readonly StandIn[] = [
  {
    service: 'otelcol',
    programs: { otelcol: '/otelcol-contrib' },
    entrypoint: '/otelcol-contrib',
    busybox: [],
  },
  {
    service: 'victorialogs',
    programs: { 'victoria-logs': '/victoria-logs-prod' },
    entrypoint: '/victoria-logs-prod',
    busybox: ['wget'],
  },
  {
    service: 'prometheus',
    programs: { prometheus: '/bin/prometheus', promtool: '/bin/promtool' },
    entrypoint: '/bin/prometheus',
    busybox: ['sh', 'chown', 'wget'],
  },
  {
    service: 'alertmanager',
    programs: { alertmanager: '/bin/alertmanager' },
    entrypoint: '/bin/alertmanager',
    busybox: ['wget'],
  },
  { service: 'mailpit', programs: { mailpit: '/mailpit' }, entrypoint: '/mailpit', busybox: [] },
];

const BUSYBOX = '/bin/busybox';
const NODE_STAND_IN = 'monitoring-test-node';

/** Why the images cannot be made here; false where they can. */
export function unlessImages(): string | false {
  if (process.platform !== 'linux') return 'images are made from programs of this system, which is not Linux';
  const ldd = spawnSync('ldd', [BUSYBOX], { encoding: 'utf8' });
  const isStatic = existsSync(BUSYBOX) && ldd.status !== 0;
  return !isStatic && `no static ${BUSYBOX} (Debian: busybox-static)`;
}

function docker(args: readonly string[], env: Environment): string {
  const { status, stdout, stderr } = spawnSync('docker', args, {
    encoding: 'utf8',
    env: { ...process.env, ...env, DOCKER_BUILDKIT: '0' },
    maxBuffer: 64 * 1_048_576,
  });
  if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  return stdout;
}

function copyInto(root: string, source: string, target: string): void {
  mkdirSync(dirname(join(root, target)), { recursive: true });
  cpSync(realpathSync(source), join(root, target), { recursive: true });
}

/** Builds an image from a folder that becomes its root. */
function buildImage(
  tag: string,
  env: Environment,
  fill: (root: string) => readonly string[],
  network = 'none',
): void {
  const folder = mkdtempSync(join(tmpdir(), 'monitoring-image-'));
  try {
    const root = join(folder, 'root');
    mkdirSync(root);
    const lines = ['FROM scratch', 'COPY root /', ...fill(root)];
    writeFileSync(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
    docker(['build', '--network', network, '--tag', tag, folder], env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function linkBusybox(commands: readonly string[]): readonly string[] {
  return commands.map((name) => `RUN ["${BUSYBOX}", "ln", "-s", "${BUSYBOX}", "/bin/${name}"]`);
}

function buildStandIn({ service, programs, entrypoint, busybox }: StandIn, env: Environment): void {
  const image = readComposeServices({})[service]?.image ?? '';
  buildImage(image, env, (root) => {
    for (const [name, path] of Object.entries(programs)) {
      copyInto(root, programPath(name as ProgramName), path);
    }
    if (busybox.length > 0) copyInto(root, BUSYBOX, BUSYBOX);
    return [...linkBusybox(busybox), `ENTRYPOINT ["${entrypoint}"]`];
  });
}

/** Like the official image of Node: Node, npm, a shell, certificates. Our own Dockerfile builds on it. */
function buildNode(env: Environment): void {
  buildImage(NODE_STAND_IN, env, (root) => {
    copyInto(root, process.execPath, '/usr/local/bin/node');
    const libraries = spawnSync('ldd', [process.execPath], { encoding: 'utf8' }).stdout;
    const paths = [...libraries.matchAll(/\/\S+/g)].map(([path]) => path);
    for (const path of paths) copyInto(root, path, path);
    // What native modules of npm packages need, and what looks names up.
    const beside = dirname(paths.find((path) => path.includes('libc.so')) ?? '/lib');
    for (const name of [
      'librt.so.1',
      'libutil.so.1',
      'libresolv.so.2',
      'libnss_dns.so.2',
      'libnss_files.so.2',
    ]) {
      if (existsSync(join(beside, name))) copyInto(root, join(beside, name), join(beside, name));
    }
    const npm = join(
      dirname(realpathSync(spawnSync('which', ['npm'], { encoding: 'utf8' }).stdout.trim())),
      '..',
    );
    copyInto(root, npm, '/usr/local/lib/node_modules/npm');
    const certificates = '/etc/ssl/certs/ca-certificates.crt';
    if (existsSync(certificates)) copyInto(root, certificates, certificates);
    copyInto(root, BUSYBOX, BUSYBOX);
    writeFileSync(join(root, 'etc', 'passwd'), 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/tmp:/bin/sh\n');
    return [
      ...linkBusybox(['sh', 'mkdir', 'chown', 'env', 'ln', 'rm']),
      'RUN mkdir -p /tmp /root /usr/bin && ln -s /bin/env /usr/bin/env',
      'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm',
      'ENV PATH=/usr/local/bin:/bin NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
      'CMD ["node"]',
    ];
  });
}

/**
 * Makes the images that docker-compose.yml names from the programs of this machine, with no registry of images:
 * those of the stack from scratch, that of the demo by its own Dockerfile (npm needs its registry for it).
 */
export function buildImages(env: Environment): void {
  for (const standIn of STAND_INS) buildStandIn(standIn, env);
  buildNode(env);
  docker(
    [
      'build',
      '--network=host',
      `--build-arg=NODE_IMAGE=${NODE_STAND_IN}`,
      '--tag=geometra-monitoring-demo',
      `--file=${join(repository, 'demo', 'Dockerfile')}`,
      repository,
    ],
    env,
  );
}
