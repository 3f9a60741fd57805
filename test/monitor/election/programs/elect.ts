// Asks to lead when told `go`, says what came of it and stays until it is killed (the listener holds it open).
import { elect } from '../../../../src/monitor/election/election.ts';

const [socketPath = '', lockName = ''] = process.argv.slice(2);
process.on('message', () => {
  void elect({ socketPath, lockPath: `\0${lockName}` }, (socket) => socket.unref()).then(({ kind }) =>
    process.send?.(kind),
  );
});
process.send?.('ready');
