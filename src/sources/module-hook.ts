/** A small change to a module of the service, made when the service itself loads it. */
export interface ModuleHook {
  /** Package and file, as behind the last `node_modules/`. */
  readonly file: string;
  /** Given what the module exports. Errors are swallowed: the module then is as it was. */
  readonly patch: (exports: unknown) => void;
}
