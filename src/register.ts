/*
 * The preload: `node --require @geometra/monitoring/register app.js`. Loaded in every process of that command and,
 * with NODE_OPTIONS, in many that are none of our business; so it is written in syntax that any Node.js parses, does
 * nothing but look at the version, and lets nothing through to the service.
 */
declare const require: (id: string) => unknown;

(function () {
  try {
    var parts = process.versions.node.split('.');
    var major = Number(parts[0]);
    var minor = Number(parts[1]);
    if (major < 22 || (major === 22 && minor < 15)) {
      process.stderr.write(
        '[monitoring] [MON_NODE_TOO_OLD] Node.js ' +
          process.versions.node +
          ' is not supported: expected 22.15.0 or newer. ' +
          'Now: monitoring is off in this process. You can: upgrade Node.js.\n',
      );
      return;
    }
    require('./preload.cjs');
  } catch (error) {
    try {
      process.stderr.write(
        '[monitoring] [MON_START] monitoring failed to start: ' +
          String(error) +
          '. Now: the service runs without monitoring. You can: report this together with the text above.\n',
      );
    } catch (_ignored) {
      // Not even stderr: the service runs without us and without a word.
    }
  }
})();
