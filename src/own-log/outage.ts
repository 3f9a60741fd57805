import { formatProblem, type ProblemCode, type ProblemParams, problem } from '../errors.ts';
import type { OwnLog } from './own-log.ts';

/** Logs an outage once when it starts and once when it ends, however often it is met in between. */
export class Outage {
  readonly #ownLog: OwnLog;
  readonly #code: ProblemCode;
  #isOn = false;
  #cause = '';

  constructor(ownLog: OwnLog, code: ProblemCode) {
    this.#ownLog = ownLog;
    this.#code = code;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** With a `cause` the outage is logged again where the cause changes. */
  failed(params: () => ProblemParams, cause = ''): void {
    if (this.#isOn && this.#cause === cause) return;
    this.#isOn = true;
    this.#cause = cause;
    this.#ownLog.warning(formatProblem(problem(this.#code, params())));
  }

  /** `message` names what was lost meanwhile. */
  recovered(message: () => string): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#ownLog.info(message());
  }
}
