import type { OwnLog } from '../../own-log/own-log.ts';
import type { RuleOutcome } from './group-runner.ts';

/** Alerts logged one by one at one evaluation; further ones are counted. */
const MAX_LINES = 20;

/**
 * Writes to the package's own log what changed: alerts are seen there also when nobody is mailed. `errorsAreLogged`:
 * why rules could not be evaluated has been logged for all of them at once.
 */
export function logOutcomes(
  outcomes: readonly RuleOutcome[],
  ownLog: OwnLog,
  errorsAreLogged: boolean,
): void {
  let logged = 0;
  let leftOut = 0;
  for (const { runner, events } of outcomes) {
    if (runner.state.health === 'error' && !errorsAreLogged) {
      const got = runner.state.error ?? '';
      ownLog.problem('MON_RULE_EVALUATION', { where: `${runner.rule.where} (${runner.rule.name})`, got });
    }
    for (const { kind, alert } of events) {
      if (kind !== 'firing' && kind !== 'resolved') continue;
      // As in notifications: nobody is notified of it.
      if (alert.labels.get('severity') === 'none') continue;
      if (++logged > MAX_LINES) {
        leftOut++;
        continue;
      }
      const { description = '', summary = description } = alert.annotations;
      const text = `alert ${kind}: ${runner.rule.name} ${alert.labels.drop(['alertname']).toString()} ${summary}`;
      if (kind === 'firing') ownLog.warning(text.trimEnd());
      else ownLog.info(text.trimEnd());
    }
  }
  if (leftOut > 0) ownLog.warning(`alerts: ${leftOut} more changes not listed`);
}
