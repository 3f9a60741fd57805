import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { repository } from '../../scripts/stack/programs.ts';

const skip = process.platform === 'win32' && 'the stand-in for Go is a shell script';

interface Installation {
  run(...names: readonly string[]): { readonly code: number | null; readonly output: string };
  /** Makes a stand-in for the toolchain: it builds what it is asked for, or fails for what `fails` names. */
  setGo(fails: string): void;
}

function installation(context: TestContext): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'monitoring-install-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  return {
    run(...names) {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [join(repository, 'scripts', 'stack', 'install.ts'), ...names],
        { encoding: 'utf8', env: { PATH: bin, STACK_FOLDER: join(folder, 'stack') } },
      );
      return { code: status, output: `${stdout}${stderr}` };
    },
    setGo(fails) {
      const go = join(bin, 'go');
      writeFileSync(
        go,
        `#!/bin/sh
if [ "$1" = env ]; then echo go1.26.8; exit; fi
for last; do :; done
case "$last" in *${fails}*) echo "no such module" >&2; exit 1;; esac
name="\${last##*/}"
echo program > "$GOBIN/\${name%@*}"
`,
      );
      chmodSync(go, 0o755);
    },
  };
}

test('without Go the installation fails with instructions', { skip }, (context) => {
  const { code, output } = installation(context).run('mailpit');
  assert.equal(code, 1);
  assert.match(output, /Go is not installed/);
  assert.match(output, /https:\/\/go\.dev\/dl\//);
});

test(
  'one program that fails does not stop the rest, and only it is built the next time',
  { skip },
  (context) => {
    const machine = installation(context);
    machine.setGo('cmd/promtool');
    const first = machine.run('prometheus', 'promtool', 'mailpit');
    assert.equal(first.code, 1);
    assert.match(first.output, /promtool .*FAILED/);
    assert.match(first.output, /no such module/);
    assert.match(first.output, /2 of 3 programs in .*; missing: promtool/);
    machine.setGo('none');
    const second = machine.run('prometheus', 'promtool', 'mailpit');
    assert.equal(second.code, 0);
    assert.match(second.output, /prometheus .*already built/);
    assert.match(second.output, /promtool .*built in/);
    assert.match(second.output, /mailpit .*already built/);
  },
);

test('a program that nobody knows is named, with those that there are', (context) => {
  const { code, output } = installation(context).run('nginx');
  assert.equal(code, 2);
  assert.match(output, /Unknown program: nginx/);
  assert.match(output, /victoria-logs/);
});
