/** Instrumentation scope of all our own instruments. */
export const SCOPE = '@geometra/monitoring';
