/**
 * `npm run audit`: asks the registry for known vulnerabilities of the packages that are shipped in `dist/`, which are
 * those of vendor/package-lock.json. Exit code 0: none known, 1: some, 2: the registry did not answer.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { auditReport } from './published/audit-report.ts';

const vendor = join(import.meta.dirname, '..', 'vendor');
const { stdout, stderr } = spawnSync('npm', ['audit', '--json', '--package-lock-only'], {
  cwd: vendor,
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
const report = auditReport(stdout.trim() === '' ? stderr : stdout);
switch (report.kind) {
  case 'clean':
    console.log(`audit: no known vulnerability in ${report.packages} shipped packages`);
    break;
  case 'vulnerable':
    for (const line of report.advisories) console.error(line);
    process.exitCode = 1;
    break;
  case 'unanswered':
    console.error(`audit: not done, the registry does not answer audits: ${report.reason}`);
    process.exitCode = 2;
    break;
}
