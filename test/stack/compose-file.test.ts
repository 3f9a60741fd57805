import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import {
  composePath,
  interpolate,
  portVariables,
  readComposeServices,
} from '../../scripts/stack/compose-file.ts';
import { INPUTS } from '../../scripts/build/freshness.ts';
import { programs, repository } from '../../scripts/stack/programs.ts';
import { serviceNames, stackService } from '../../scripts/stack/services.ts';

interface RawService {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly logging?: { readonly options: Readonly<Record<string, string>> };
  readonly healthcheck?: object;
  readonly privileged?: boolean;
  readonly network_mode?: string;
  readonly ports?: readonly string[];
}

const { services } = parse(readFileSync(composePath, 'utf8'), { merge: true }) as {
  services: Readonly<Record<string, RawService>>;
};
const rows = Object.entries(services);

test('variables are filled in as compose does, empty ones as if they were not set', () => {
  const env = { SET: 'x', EMPTY: '' };
  assert.equal(interpolate('${SET:-a} ${EMPTY:-b} ${GONE:-c} ${GONE}.', env), 'x b c .');
});

test('every port is published on the loopback address and can be moved by a variable', () => {
  for (const [name, { ports = [] }] of rows) {
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/, name);
  }
  const variables = [...portVariables().values()];
  assert.equal(new Set(variables).size, variables.length);
  assert.equal(portVariables().get('otelcol:4318'), 'OTLP_PORT');
});

test('every image is pinned to a version', () => {
  for (const [name, { image }] of rows) {
    if (image !== 'geometra-monitoring-demo') assert.match(image, /^[\w./-]+:v?\d+\.\d+\.\d+$/, name);
  }
});

test('every container runs without root, capabilities, a writable file system or unbounded memory and logs', () => {
  for (const [name, service] of rows) {
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ['ALL'], name);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
    assert.match(service.mem_limit ?? '', /^\d+[mg]$/, name);
    assert.deepEqual(Object.keys(service.logging?.options ?? {}), ['max-size', 'max-file'], name);
    assert.equal(service.privileged, undefined, name);
    if (name === 'folders') continue;
    assert.match(service.user ?? '', /^[1-9]\d*:\d+$/, name);
    assert.equal(service.cap_add, undefined, name);
    assert.ok(service.healthcheck ?? (name === 'otelcol' || !service.ports), `${name} has a health check`);
  }
});

test('what is root gives volumes to their users, has that one capability and no network', () => {
  assert.deepEqual(services['folders']?.cap_add, ['CHOWN']);
  assert.equal(services['folders']?.network_mode, 'none');
});

test('every file that containers see is there', () => {
  const composed = readComposeServices({ STACK_METRICS: 'scrape' });
  const ours = Object.values(composed).flatMap(({ mounts }) => mounts.filter(({ kind }) => kind === 'ours'));
  for (const { source, readOnly } of ours) {
    assert.ok(existsSync(join(repository, source)), source);
    assert.equal(readOnly, true, source);
  }
  const collector = composed['otelcol']?.command.map((part) => part.slice(part.lastIndexOf('/') + 1));
  assert.deepEqual(collector, ['otelcol.yaml', 'access-open.yaml', 'metrics-scrape.yaml']);
});

test('every service that people talk to is in the compose file with the ports that are shown', () => {
  const composed = readComposeServices({});
  for (const name of serviceNames) {
    for (const { port } of stackService(name).shown) {
      assert.ok(
        composed[name]?.ports.some(({ inside }) => inside === port),
        `${name}:${port}`,
      );
    }
  }
});

test('the collector and Prometheus are of one version as image and as program', () => {
  const versionOf = (name: string): string => services[name]?.image.replace(/^.*:v?/, '') ?? '';
  assert.equal(versionOf('otelcol'), programs.otelcol.version);
  assert.equal(versionOf('prometheus'), programs.prometheus.version);
  const manifest = readFileSync(join(repository, programs.otelcol.recipe.manifest), 'utf8');
  const { dist } = parse(manifest) as { dist: { version: string } };
  assert.equal(dist.version, programs.otelcol.version);
});

test('the image of the demo is given everything that the package is built from', () => {
  const dockerfile = readFileSync(join(repository, 'demo', 'Dockerfile'), 'utf8');
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
    files.split(' '),
  );
  const allowed = readFileSync(join(repository, '.dockerignore'), 'utf8');
  for (const input of INPUTS) {
    assert.ok(
      copied.some((path) => `${input}/`.startsWith(`${path}/`)),
      `${input} is copied`,
    );
  }
  for (const path of copied)
    assert.match(allowed, new RegExp(`^!${path}$`, 'm'), `${path} reaches the engine`);
});
