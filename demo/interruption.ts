/** Aborted by the first SIGINT, SIGTERM or SIGHUP, or when nobody reads our output any more. */
export interface Interruption {
  readonly signal: AbortSignal;
  forget(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Hears the wish to end. A second one ends at once: the shop goes when its channel to us closes. */
export function interruption(): Interruption {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  const onOutputError = (): void => controller.abort();
  for (const name of SIGNALS) process.on(name, onSignal);
  process.stdout.on('error', onOutputError);
  return {
    signal: controller.signal,
    forget() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
