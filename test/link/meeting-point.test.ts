import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readSettings, type Settings } from '../../src/config/read-settings.ts';
import { meetingPointOf, type MeetingPoint } from '../../src/link/meeting-point.ts';

const uid = process.getuid?.() ?? 0;

function settingsOf(env: NodeJS.ProcessEnv = {}): Settings {
  return readSettings(env, () => '').settings;
}

/** An empty folder that stands in for the system's temporary one during the test. */
function emptyTmp(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mp-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  t.after(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

function pointOf(env: NodeJS.ProcessEnv = {}, name = 'shop', cwd = '/srv/shop'): MeetingPoint {
  const point = meetingPointOf(settingsOf(env), name, cwd);
  assert.ok(point);
  return point;
}

test('processes of one service meet; another name, address, folder or working folder is another service', (t) => {
  emptyTmp(t);
  const base = pointOf();
  assert.deepEqual(pointOf(), base);
  const others = [
    pointOf({}, 'other'),
    pointOf({ OTEL_EXPORTER_PROMETHEUS_PORT: '9465' }),
    pointOf({ OTEL_EXPORTER_PROMETHEUS_HOST: '0.0.0.0' }),
    pointOf({ MONITORING_LOG_DIR: 'var' }),
    pointOf({}, 'shop', '/srv/shop2'),
  ];
  assert.equal(new Set([base, ...others].map(({ socketPath }) => socketPath)).size, 6);
});

test('the same log folder written in another way is the same service', (t) => {
  emptyTmp(t);
  assert.deepEqual(pointOf({ MONITORING_LOG_DIR: '/srv/shop/logs' }), pointOf());
});

test('a setting that has nothing to do with the service changes nothing', (t) => {
  emptyTmp(t);
  assert.deepEqual(pointOf({ MONITORING_LOG_LEVEL: 'DEBUG', SMTP_HOST: 'mail' }), pointOf());
});

test('the socket lies in a folder that only its user may enter', (t) => {
  const tmp = emptyTmp(t);
  const folder = dirname(pointOf().socketPath);
  assert.equal(dirname(folder), tmp);
  assert.equal(lstatSync(folder).mode & 0o777, 0o700);
  assert.equal(lstatSync(folder).uid, uid);
});

test('a folder of our own that others may enter is closed to them first', (t) => {
  const tmp = emptyTmp(t);
  const folder = join(tmp, `geometra-monitoring-${uid}`);
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  assert.equal(dirname(pointOf().socketPath), folder);
  assert.equal(lstatSync(folder).mode & 0o777, 0o700);
});

test('P8 a link or a file under its name is not followed: the next name is used, the same for all', (t) => {
  const tmp = emptyTmp(t);
  const folder = join(tmp, `geometra-monitoring-${uid}`);
  mkdirSync(join(tmp, 'elsewhere'));
  symlinkSync(join(tmp, 'elsewhere'), folder);
  assert.equal(dirname(pointOf().socketPath), `${folder}-1`);
  assert.deepEqual(pointOf(), pointOf());
  assert.deepEqual(pointOf().foreignFolders, [folder]);
  rmSync(folder);
  writeFileSync(folder, '');
  assert.equal(dirname(pointOf().socketPath), `${folder}-1`);
});

test(
  'P8 a folder that somebody else made first is left alone: the next name is used',
  { skip: uid !== 0 && 'needs root' },
  (t) => {
    const tmp = emptyTmp(t);
    const folder = join(tmp, `geometra-monitoring-${uid}`);
    mkdirSync(folder, { mode: 0o700 });
    execFileSync('chown', ['12345', folder]);
    assert.equal(dirname(pointOf().socketPath), `${folder}-1`);
    for (let at = 1; at < 10; at += 1) {
      mkdirSync(`${folder}-${at}`, { recursive: true, mode: 0o700 });
      execFileSync('chown', ['12345', `${folder}-${at}`]);
    }
    assert.equal(meetingPointOf(settingsOf(), 'shop', '/srv'), undefined);
  },
);

test('P8 the runtime folder of the user comes first where it is there and his own', (t) => {
  const tmp = emptyTmp(t);
  const runtime = join(tmp, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  assert.equal(
    dirname(pointOf({ XDG_RUNTIME_DIR: runtime }).socketPath),
    join(runtime, 'geometra-monitoring'),
  );
  chmodSync(runtime, 0o777);
  for (const unusable of [runtime, join(tmp, 'missing'), 'run'])
    assert.equal(dirname(dirname(pointOf({ XDG_RUNTIME_DIR: unusable }).socketPath)), tmp);
});

test('where the path would be too long for a socket there is no meeting point', (t) => {
  const tmp = emptyTmp(t);
  const deep = join(tmp, 'x'.repeat(80));
  mkdirSync(deep);
  process.env['TMPDIR'] = deep;
  assert.equal(meetingPointOf(settingsOf(), 'shop', '/srv'), undefined);
});

test('a temporary folder that is not there is made, with one that cannot be used there is no meeting point', (t) => {
  const tmp = emptyTmp(t);
  process.env['TMPDIR'] = join(tmp, 'new');
  assert.ok(existsSync(dirname(pointOf().socketPath)));
  writeFileSync(join(tmp, 'file'), '');
  process.env['TMPDIR'] = join(tmp, 'file');
  assert.equal(meetingPointOf(settingsOf(), 'shop', '/srv'), undefined);
});

test(
  'on Linux the lock is an abstract name, which leaves nothing behind',
  { skip: process.platform !== 'linux' },
  (t) => {
    emptyTmp(t);
    const { lockPath = '', socketPath } = pointOf();
    assert.ok(lockPath.startsWith('\0geometra-monitoring-'));
    assert.ok(Buffer.byteLength(lockPath) < 108 && Buffer.byteLength(socketPath) < 108);
  },
);
