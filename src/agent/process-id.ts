import { randomUUID } from 'node:crypto';

/** Unique for one run of one process; the same for its metrics, records and spans. */
export const processId: string = randomUUID();
