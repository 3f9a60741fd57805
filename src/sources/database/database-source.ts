// Hot path: `take` once per query.
import type { ReadConnections } from '../../metrics/instruments.ts';
import type { ModuleHook } from '../seam/module-hook.ts';
import type { SourceRow } from '../seam/source.ts';

/** A query that ended, a failed one too. Neither the statement nor a value leaves the driver's file. */
export interface QueryEvent {
  /** Name of the database: `app`, for SQLite the file's base name, for Redis `redis/<index>`. */
  readonly database: string;
  /** Verb of the statement, from the closed list of the label `type`. */
  readonly type: string;
  readonly seconds: number;
}

/** What a driver's private fields do not give any more costs its own connections alone. */
function guarded(read: ReadConnections, onError: (error: unknown) => void): ReturnType<ReadConnections> {
  try {
    return [...read()];
  } catch (error) {
    onError(error);
    return [];
  }
}

/** The source of one driver: its hooks hand over each query that ended. The first query starts the agent. */
export function databaseSource(
  name: string,
  hooks: readonly ModuleHook<QueryEvent>[],
  connections?: ReadConnections,
): SourceRow<QueryEvent> {
  return {
    name,
    hooks,
    wakes: 'work',
    observe({ recorder, onError }) {
      const stop = connections && recorder.readConnections(() => guarded(connections, onError));
      return {
        take: ({ database, type, seconds }) => recorder.query(database, type, seconds),
        ...(stop && { stop }),
      };
    },
  };
}
