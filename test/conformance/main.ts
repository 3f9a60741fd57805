import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCase } from './run-case.ts';
import { readScript } from './script.ts';
import { ScriptStorage } from './storage.ts';

interface Tally {
  passed: number;
  failed: number;
  readonly outOfScope: Map<string, number>;
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith('.test'))
    .sort()
    .map((name) => join(path, name));
}

function runFile(path: string, tally: Tally, list: boolean): void {
  const storage = new ScriptStorage();
  const before = { ...tally };
  for (const command of readScript(readFileSync(path, 'utf8'))) {
    if (command.kind === 'clear') storage.clear();
    else if (command.kind === 'load') storage.load(command);
    else {
      const outcome = runCase(command, storage);
      if (outcome.kind === 'out-of-scope') {
        if (list)
          console.log(`${basename(path)}:${command.line}: out of scope: ${outcome.reason}: ${command.expr}`);
        tally.outOfScope.set(outcome.reason, (tally.outOfScope.get(outcome.reason) ?? 0) + 1);
      } else {
        tally[outcome.kind]++;
        if (outcome.kind === 'failed') {
          console.log(`${basename(path)}:${command.line}: ${command.expr}\n    ${outcome.why}`);
        }
      }
    }
  }
  const passed = tally.passed - before.passed;
  console.log(`${basename(path)}: ${passed} passed, ${tally.failed - before.failed} failed`);
}

/** `npm run conformance -- <file or folder>… [--json] [--list]`: runs promqltest files against our evaluator. */
function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  if (positionals.length === 0) {
    console.error('usage: npm run conformance -- <file or folder> [--json] [--list]');
    process.exitCode = 2;
    return;
  }
  const tally: Tally = { passed: 0, failed: 0, outOfScope: new Map() };
  for (const path of positionals.flatMap(filesOf)) runFile(path, tally, values.list);
  console.log('out of scope:');
  let outOfScope = 0;
  for (const [reason, count] of [...tally.outOfScope].sort(([, a], [, b]) => b - a)) {
    console.log(`  ${String(count).padStart(5)}  ${reason}`);
    outOfScope += count;
  }
  const { passed, failed } = tally;
  const ok = failed === 0 && passed > 0;
  console.log(`${passed} passed, ${failed} failed, ${outOfScope} out of scope`);
  if (values.json) console.log(JSON.stringify({ passed, failed, outOfScope, ok }));
  process.exitCode = ok ? 0 : 1;
}

main();
