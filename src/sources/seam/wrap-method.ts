type Method = (this: never, ...args: never[]) => unknown;

/**
 * Replaces a method of a library in place, with its name, length and attributes kept, so that nothing of the library or
 * the service can notice. Does nothing where there is no such method.
 */
export function wrapMethod<Wrapped extends Method>(
  owner: object,
  name: PropertyKey,
  wrap: (original: Wrapped) => Wrapped,
): void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  const original: unknown = descriptor?.value;
  if (typeof original !== 'function') return;
  const wrapper = wrap(original as Wrapped);
  Object.defineProperty(wrapper, 'length', { value: original.length, configurable: true });
  Object.defineProperty(wrapper, 'name', { value: original.name, configurable: true });
  Object.defineProperty(owner, name, { ...descriptor, value: wrapper });
}
