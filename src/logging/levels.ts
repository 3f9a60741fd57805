/** The documented levels with their OpenTelemetry severity numbers (logs data model; CRITICAL is FATAL there). */
export const severityNumbers = { DEBUG: 5, INFO: 9, WARNING: 13, ERROR: 17, CRITICAL: 21 } as const;

export type Level = keyof typeof severityNumbers;
