// `npm run demo`: every stage of the pipeline, on this machine only.
import { readOptions, usage, type DemoOptions } from './options.ts';
import { runDemo } from './run.ts';

function options(): DemoOptions | undefined {
  try {
    const read = readOptions(process.argv.slice(2));
    if (!read) process.stdout.write(usage);
    return read;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

const wanted = options();
if (wanted) {
  try {
    process.exitCode = await runDemo(wanted);
  } catch (error) {
    process.stderr.write(`\nThe demo failed: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
