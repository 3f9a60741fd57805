/** What the collector's receiver has turned away, by its own count. */
export async function refusedBy(metricsUrl: string): Promise<number> {
  const page = await (await fetch(metricsUrl)).text();
  const counts = page.matchAll(/^otelcol_receiver_(?:refused|failed)_log_records\S*\{.*\} (\S+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}
