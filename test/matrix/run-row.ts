import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, Service } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';
import type { Row } from './rows.ts';

const CACHE = join(REPOSITORY, '.cache', 'matrix');
const PROGRAMS = join(import.meta.dirname, 'programs');

/** A folder with one version of a library installed, made once and kept. */
export function installed({ library, with: beside = [] }: Row, version: string): string {
  const folder = join(CACHE, `${library.replace('/', '-')}-${version}`);
  if (!existsSync(join(folder, 'node_modules'))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'shop', private: true }));
    const args = [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `${library}@${version}`,
      ...beside,
    ];
    const { status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm install ${library}@${version}: ${stderr}`);
  }
  cpSync(PROGRAMS, folder, { recursive: true });
  return folder;
}

interface Answers {
  readonly texts: readonly string[];
  /** Series that are not as expected. */
  readonly wrong: readonly string[];
}

/** Runs the program and asks it twice; with the preload, waits for its series. */
async function ask(
  row: Row,
  folder: string,
  env: Readonly<Record<string, string>>,
  preloaded: boolean,
): Promise<Answers> {
  const options = { cwd: folder, env: { ...env, OTEL_SERVICE_NAME: 'matrix' } };
  await using service = new Service(
    join(folder, row.program),
    preloaded ? options : { ...options, nodeArgs: [] },
  );
  const url = await service.url();
  const texts: string[] = [];
  for (let i = 0; i < 2; i++) {
    const response = await fetch(`${url}${row.path ?? '/'}`);
    texts.push(`${response.status} ${await response.text()}`);
  }
  if (!preloaded) return { texts, wrong: [] };
  let wrong: readonly string[] = row.series;
  const look = async (): Promise<boolean> => {
    const page = await service.metrics();
    wrong = row.series.filter((series) => !page.includes(`${series}\n`));
    return wrong.length === 0;
  };
  await until(look, { deadlineMs: 10_000, intervalMs: 200 }).catch(() => {});
  return { texts, wrong };
}

/** What differs between a run with the preload and one without, and from the series expected; empty when all is well. */
export async function runRow(
  row: Row,
  version: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const folder = installed(row, version);
  const bare = await ask(row, folder, env, false);
  const ours = await ask(row, folder, env, true);
  const failed = bare.texts
    .filter((text) => !text.startsWith('200 '))
    .map((text) => `the program fails without us: ${text}`);
  const differs =
    bare.texts.join('\n') === ours.texts.join('\n')
      ? []
      : [`answers: ${ours.texts.join(' | ')} instead of ${bare.texts.join(' | ')}`];
  return [...failed, ...differs, ...ours.wrong.map((series) => `missing: ${series}`)];
}
