import type { Plugin } from 'rolldown';
import { frozenAttributes } from './frozen-attributes.ts';

/** A change that the build makes to a file of a bundled package: Apache-2.0 4(b) asks that it is named. */
export interface Modification {
  /** Name of the package. */
  readonly package: string;
  /** The file in that package. */
  readonly file: string;
  /** What is different, as a sentence. */
  readonly change: string;
  readonly plugin: Plugin;
}

/** All of them: the notices, the SBOM and the tests read this table, the bundler its plugins. */
export const modifications: readonly Modification[] = [
  {
    package: '@opentelemetry/sdk-metrics',
    file: 'dist/utils.mjs',
    change: 'hashAttributes() keeps the hash of attributes that are frozen instead of computing it again.',
    plugin: frozenAttributes,
  },
];
