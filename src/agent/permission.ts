/** Whether the permission model forbids our worker: starting one all the same would end the service. */
export function workersForbidden(): boolean {
  const permission = process.permission as { has(scope: string): boolean } | undefined;
  return permission !== undefined && !permission.has('worker');
}
