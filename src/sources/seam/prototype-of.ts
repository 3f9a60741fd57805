/** Where the methods of a library's class are: of what a module exports, or of one of its names. Throws where it is none. */
export function prototypeOf(exports: unknown, name?: string): object {
  const owner = name === undefined ? exports : (exports as Readonly<Record<string, unknown>>)[name];
  const { prototype } = (owner ?? {}) as { readonly prototype?: unknown };
  if (typeof prototype !== 'object' || prototype === null)
    throw new Error(`no class ${name ?? ''} is exported`);
  return prototype;
}
