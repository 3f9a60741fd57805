import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { RuleGroup } from '../../../src/alerts/rules/rule.ts';
import { RuleFiles } from '../../../src/monitor/rules/rule-files.ts';
import { createFakeLog } from '../../helpers/fake-log.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const rule = (name: string): string => `- {name: ${name}, condition: vector(1)}\n`;
const namesOf = (groups: readonly RuleGroup[] | undefined): readonly string[] | undefined =>
  groups?.flatMap(({ rules }) => rules.map(({ name }) => name));

describe('M9 a folder of rule files is loaded again when it changes', () => {
  test('mounted as a ConfigMap, whose files are links through ..data', async () => {
    const mount = temporaryFolder('configmap');
    const put = (version: string, name: string): void => {
      mkdirSync(join(mount, `..${version}`));
      writeFileSync(join(mount, `..${version}`, 'a.yml'), rule(name));
    };
    put('v1', 'First');
    symlinkSync('..v1', join(mount, '..data'));
    symlinkSync('..data/a.yml', join(mount, 'a.yml'));
    const files = new RuleFiles([mount], createFakeLog());
    assert.deepEqual(namesOf(await files.first()), ['First']);
    assert.equal(await files.again(false), undefined);
    put('v2', 'Second');
    symlinkSync('..v2', join(mount, '..data_tmp'));
    renameSync(join(mount, '..data_tmp'), join(mount, '..data'));
    rmSync(join(mount, '..v1'), { recursive: true });
    assert.deepEqual(namesOf(await files.again(false)), ['Second']);
  });

  test('with folders in it, one of them named like a rule file', async () => {
    const folder = temporaryFolder('rules');
    mkdirSync(join(folder, 'old'));
    mkdirSync(join(folder, 'old.yml'));
    writeFileSync(join(folder, 'a.yml'), rule('First'));
    const log = createFakeLog();
    const files = new RuleFiles([folder], log);
    assert.deepEqual(namesOf(await files.first()), ['First']);
    writeFileSync(join(folder, 'a.yml'), rule('Second'));
    assert.deepEqual(namesOf(await files.again(false)), ['Second']);
    writeFileSync(join(folder, 'b.yaml'), rule('Third'));
    assert.deepEqual(namesOf(await files.again(false)), ['Second', 'Third']);
    rmSync(join(folder, 'a.yml'));
    assert.deepEqual(namesOf(await files.again(false)), ['Third']);
    writeFileSync(join(folder, 'notes.txt'), 'no rules');
    assert.equal(await files.again(false), undefined);
    assert.deepEqual(
      log.lines.filter((line) => line.startsWith('WARNING')),
      [],
    );
  });

  test('a file that comes later, and one that cannot be read for a while', async () => {
    const folder = temporaryFolder('rules');
    const path = join(folder, 'late.yml');
    const files = new RuleFiles([path], createFakeLog());
    assert.deepEqual(namesOf(await files.first()), []);
    writeFileSync(path, rule('Late'));
    assert.deepEqual(namesOf(await files.again(false)), ['Late']);
    writeFileSync(path, '- {name: ');
    assert.equal(await files.again(false), undefined);
    writeFileSync(path, rule('Later'));
    assert.deepEqual(namesOf(await files.again(false)), ['Later']);
  });

  test('a pipe or a huge file instead of a rule file is reported and holds nothing up', async () => {
    const folder = temporaryFolder('rules');
    execFileSync('mkfifo', [join(folder, 'pipe.yml')]);
    writeFileSync(join(folder, 'huge.yml'), `#${'x'.repeat(3_000_000)}`);
    writeFileSync(join(folder, 'good.yml'), rule('Good'));
    const log = createFakeLog();
    const files = new RuleFiles([folder], log);
    assert.deepEqual(namesOf(await files.first()), ['Good']);
    assert.ok(log.lines.some((line) => /pipe\.yml.*not a regular file/.test(line)));
    assert.ok(log.lines.some((line) => /huge\.yml.*more than 2097152 bytes/.test(line)));
  });
});
