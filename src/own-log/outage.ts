import { formatProblem, type ProblemCode, type ProblemParams, problem } from '../errors.ts';
import type { OwnLog } from './own-log.ts';

/**
 * Says a lasting trouble once when it begins and once when it is over, however often it is met in between.
 * `recovered` names what was lost meanwhile.
 */
export class Outage {
  readonly #ownLog: OwnLog;
  readonly #code: ProblemCode;
  #isOn = false;

  constructor(ownLog: OwnLog, code: ProblemCode) {
    this.#ownLog = ownLog;
    this.#code = code;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  failed(params: () => ProblemParams): void {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#ownLog.warning(formatProblem(problem(this.#code, params())));
  }

  recovered(message: () => string): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#ownLog.info(message());
  }
}
