import type { SourceHandle } from './source-handle.ts';

/** A small change to a module of the service, made when the service itself loads it. */
export interface ModuleHook<Event = unknown> {
  /** Package and file, as behind the last `node_modules/`: `pg/lib/client.js`; or a module of Node: `node:sqlite`. */
  readonly file: string;
  /** Major versions of the package that the change is known to fit; absent: any. */
  readonly majors?: readonly number[];
  /**
   * Given what the module exports; an ES module's are its namespace. Where it throws, the module is as it was and the
   * library's state is `failed`. Absent: the module is only noted as `observed`.
   */
  patch?(exports: unknown, handle: SourceHandle<Event>): void;
}
