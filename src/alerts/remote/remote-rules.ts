import type { OwnLog } from '../../own-log/own-log.ts';
import { maskedAddress } from '../../address/masked.ts';
import { Outage } from '../../own-log/outage.ts';
import {
  evaluateAlertingRule,
  evaluateRecordingRule,
  type ExprAnswers,
  type RuleContext,
} from '../evaluation/evaluate-rule.ts';
import type { Rule } from '../rules/rule.ts';
import {
  type AskRemote,
  type RemoteAnswer,
  remotePrometheus,
  type RemoteOptions,
} from './remote-prometheus.ts';

/** The rules of one group at one evaluation. */
export interface RemoteGroup {
  readonly rules: readonly Rule[];
  /** The time that expressions are evaluated at, the query offset taken off. */
  readonly queryMs: number;
  /** What templates read as `now`. */
  readonly slotMs: number;
  readonly context: Omit<RuleContext, 'answers'>;
}

/** Rules whose expressions a server evaluates. */
export interface RemoteRules {
  /**
   * Asks for everything that the rules of these groups look at, the queries of their templates included; the answers are
   * in the order of the groups. Never rejects; no longer than `deadlineMs`.
   */
  ask(groups: readonly RemoteGroup[], deadlineMs: number): Promise<readonly ExprAnswers[]>;
  /** True while the server answers nothing at all, which has been logged. */
  readonly isDown: boolean;
  /** Gives up what is under way. */
  close(): void;
}

/** Requests under way at a time: a server with 40 rules to answer has others to serve as well. */
const LANES = 4;
/** A query in a template may depend on the answer to another; deeper than this nobody writes. */
const ROUNDS = 5;

/** What is known of the expressions of one group. */
class Answers implements ExprAnswers {
  readonly #known = new Map<string, RemoteAnswer>();
  #unknown = new Set<string>();

  of(exprText: string): {
    readonly samples: (RemoteAnswer & { kind: 'ok' })['samples'];
    readonly notes: readonly string[];
  } {
    const answer = this.#known.get(exprText);
    if (answer?.kind === 'ok') return answer;
    if (answer === undefined) this.#unknown.add(exprText);
    throw new Error(answer?.error ?? 'the server was not queried');
  }

  set(exprText: string, answer: RemoteAnswer): void {
    this.#known.set(exprText, answer);
  }

  /** What was asked of these answers and is not known yet. */
  takeUnknown(): readonly string[] {
    const unknown = [...this.#unknown];
    this.#unknown = new Set();
    return unknown;
  }

  get all(): readonly RemoteAnswer[] {
    return [...this.#known.values()];
  }
}

/** Evaluates a rule only to find out what it asks for: rules are pure. */
function rehearse(
  rule: Rule,
  { queryMs, slotMs, context }: RemoteGroup,
  answers: Answers,
): readonly string[] {
  if (rule.kind === 'alerting') evaluateAlertingRule(rule, queryMs, slotMs, { ...context, answers });
  else evaluateRecordingRule(rule, queryMs, { ...context, answers });
  return answers.takeUnknown();
}

class AskedRules implements RemoteRules {
  readonly #ask: AskRemote;
  readonly #where: string;
  readonly #ownLog: OwnLog;
  readonly #outage: Outage;
  readonly #closing = new AbortController();
  #saidRecording = false;

  constructor(ask: AskRemote, where: string, ownLog: OwnLog) {
    this.#ask = ask;
    this.#where = where;
    this.#ownLog = ownLog;
    this.#outage = new Outage(ownLog, 'MON_RULES_REMOTE');
  }

  get isDown(): boolean {
    return this.#outage.isOn;
  }

  async ask(groups: readonly RemoteGroup[], deadlineMs: number): Promise<readonly ExprAnswers[]> {
    this.#sayRecording(groups);
    const signal = AbortSignal.any([AbortSignal.timeout(deadlineMs), this.#closing.signal]);
    const asked = groups.map((group) => ({ group, answers: new Answers() }));
    const jobs = asked.flatMap(({ group, answers }) => group.rules.map((rule) => ({ rule, group, answers })));
    const lane = async (): Promise<void> => {
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
        await this.#askRule(job.rule, job.group, job.answers, signal);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    this.#log(asked.flatMap(({ answers }) => answers.all));
    return asked.map(({ answers }) => answers);
  }

  close(): void {
    this.#closing.abort();
  }

  async #askRule(rule: Rule, group: RemoteGroup, answers: Answers, signal: AbortSignal): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      const unknown = rehearse(rule, group, answers);
      if (unknown.length === 0) return;
      for (const text of unknown) answers.set(text, await this.#ask(text, group.queryMs, signal));
    }
  }

  #log(all: readonly RemoteAnswer[]): void {
    const [first] = all;
    if (first === undefined || this.#closing.signal.aborted) return;
    // Where some are answered, those that are not are the trouble of their rules.
    if (first.kind === 'unreachable' && all.every(({ kind }) => kind === first.kind)) {
      this.#outage.failed(() => ({ where: this.#where, got: first.error }));
    } else {
      this.#outage.recovered(() => `alert rules: queries to the Prometheus at ${this.#where} succeed again`);
    }
  }

  #sayRecording(groups: readonly RemoteGroup[]): void {
    if (this.#saidRecording) return;
    const recording = groups.flatMap(({ rules }) => rules).find(({ kind }) => kind === 'recording');
    if (recording === undefined) return;
    this.#saidRecording = true;
    this.#ownLog.warning(
      `alert rules: series of recording rules such as ${recording.name} exist only in this monitor; the Prometheus at ${this.#where} does not have them. Move these rules there`,
    );
  }
}

/** Rules over the samples of a remote Prometheus. Nothing is asked before `ask`. */
export function createRemoteRules(options: RemoteOptions, ownLog: OwnLog): RemoteRules {
  return new AskedRules(remotePrometheus(options), maskedAddress(options.url), ownLog);
}
