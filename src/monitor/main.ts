import { parentPort, workerData } from 'node:worker_threads';
import type { MonitorStart } from '../link/messages.ts';
import { startMonitor } from './start.ts';

// Run by the agent as a worker thread.
const port = parentPort;
if (port) {
  void startMonitor(workerData as MonitorStart, {
    post: (message) => port.postMessage(message),
    onMessage: (receive) => port.on('message', receive),
  });
}
