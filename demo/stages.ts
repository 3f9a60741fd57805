import { documentedCount } from './exposition.ts';

/** The stages of the way through, in order, with what each must have carried at least. */
const stageRows = {
  requests: { label: 'requests sent', atLeast: 1 },
  scrapes: { label: 'scrapes of /metrics', atLeast: 1 },
  metrics: { label: 'documented metrics', atLeast: documentedCount },
  counted: { label: 'requests on /metrics', atLeast: 1 },
  logLines: { label: 'lines in daily files', atLeast: 1 },
  logRecords: { label: 'log records collected', atLeast: 1 },
  metricPoints: { label: 'metric points collected', atLeast: 1 },
  alertsFired: { label: 'alerts fired', atLeast: 1 },
  mailsFiring: { label: 'mails of firing alerts', atLeast: 1 },
  mailsResolved: { label: 'mails of resolved alerts', atLeast: 1 },
} as const;

export type Stage = keyof typeof stageRows;
export type StageCounts = Readonly<Record<Stage, number>>;

export interface StageResult {
  readonly stage: Stage;
  readonly label: string;
  readonly count: number;
  readonly atLeast: number;
  readonly ok: boolean;
}

/** Whether each stage carried what it must. */
export function judge(counts: StageCounts): readonly StageResult[] {
  return (Object.keys(stageRows) as Stage[]).map((stage) => {
    const { label, atLeast } = stageRows[stage];
    return { stage, label, atLeast, count: counts[stage], ok: counts[stage] >= atLeast };
  });
}
