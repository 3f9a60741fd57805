import { documentedCount } from './exposition.ts';

/** The stages of the pipeline in order, with the minimum that each must receive. */
const stageRows = {
  requests: { label: 'requests sent', atLeast: 1 },
  scrapes: { label: 'scrapes of /metrics', atLeast: 1 },
  metrics: { label: 'documented metrics', atLeast: documentedCount },
  counted: { label: 'requests on /metrics', atLeast: 1 },
  logLines: { label: 'lines in daily files', atLeast: 1 },
  logRecords: { label: 'log records received', atLeast: 1 },
  metricPoints: { label: 'metric points received', atLeast: 1 },
  alertsFired: { label: 'alerts fired', atLeast: 1 },
  mailsFiring: { label: 'mails for firing alerts', atLeast: 1 },
  mailsResolved: { label: 'mails for resolved alerts', atLeast: 1 },
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

/** Whether each stage received its minimum. */
export function judge(counts: StageCounts): readonly StageResult[] {
  return (Object.keys(stageRows) as Stage[]).map((stage) => {
    const { label, atLeast } = stageRows[stage];
    return { stage, label, atLeast, count: counts[stage], ok: counts[stage] >= atLeast };
  });
}
