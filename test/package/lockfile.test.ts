import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copiesIn } from '../../scripts/lockfile/copies-in.ts';
import { missingPlatforms } from '../../scripts/lockfile/missing-platforms.ts';

test('a package of the scope that is installed twice is found, nested or not', () => {
  const packages = {
    '': {},
    'node_modules/@opentelemetry/core': { version: '3.1.0' },
    'node_modules/@opentelemetry/api': { version: '1.10.0' },
    'node_modules/a/node_modules/@opentelemetry/core': { version: '3.1.1' },
    'node_modules/iconv-lite': { version: '1.0.0' },
    'node_modules/a/node_modules/iconv-lite': { version: '2.0.0' },
  };
  assert.deepEqual(copiesIn({ packages }, '@opentelemetry/'), [
    {
      name: '@opentelemetry/core',
      locations: [
        'node_modules/@opentelemetry/core 3.1.0',
        'node_modules/a/node_modules/@opentelemetry/core 3.1.1',
      ],
    },
  ]);
});

test('optional packages of other platforms are completed from their names', () => {
  const packages = {
    'node_modules/tool': {
      version: '1.2.3',
      dev: true,
      optionalDependencies: {
        '@tool/binding-linux-x64-gnu': '1.2.3',
        '@tool/binding-linux-x64-musl': '1.2.3',
        '@tool/binding-linux-arm-gnueabihf': '1.2.3',
        '@tool/darwin-arm64': '1.2.3',
        '@tool/binding-win32-x64-msvc': '1.2.3',
        '@tool/binding-wasm32-wasi': '1.2.3',
        fsevents: '2.0.0',
      },
    },
    'node_modules/@tool/binding-linux-x64-gnu': { version: '1.2.3', optional: true },
  };
  const common = { version: '1.2.3', dev: true, optional: true };
  assert.deepEqual(missingPlatforms({ packages }), {
    'node_modules/@tool/binding-linux-x64-musl': { ...common, os: ['linux'], cpu: ['x64'], libc: ['musl'] },
    'node_modules/@tool/binding-linux-arm-gnueabihf': {
      ...common,
      os: ['linux'],
      cpu: ['arm'],
      libc: ['glibc'],
    },
    'node_modules/@tool/darwin-arm64': { ...common, os: ['darwin'], cpu: ['arm64'] },
    'node_modules/@tool/binding-win32-x64-msvc': { ...common, os: ['win32'], cpu: ['x64'] },
    'node_modules/@tool/binding-wasm32-wasi': { ...common, cpu: ['wasm32'] },
  });
});
