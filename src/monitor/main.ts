import { parentPort, workerData } from 'node:worker_threads';
import type { MonitorStart } from '../link/messages.ts';
import { startMonitor } from './start.ts';

// Run by the agent as a worker thread.
if (parentPort) void startMonitor(workerData as MonitorStart, parentPort);
