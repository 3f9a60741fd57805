import type { OwnLog } from '../../own-log/own-log.ts';
import type { RuleOutcome } from './group-runner.ts';

/** Alerts said one by one in the log at one evaluation; further ones are counted. */
const MAX_LINES = 20;

/**
 * Says in the package's own log what changed: alerts are seen there also when nobody is mailed. `errorsAreSaid`: why
 * rules could not be evaluated has been said for all of them at once.
 */
export function logOutcomes(outcomes: readonly RuleOutcome[], ownLog: OwnLog, errorsAreSaid: boolean): void {
  let said = 0;
  let unsaid = 0;
  for (const { runner, events } of outcomes) {
    if (runner.state.health === 'error' && !errorsAreSaid) {
      const got = runner.state.error ?? '';
      ownLog.problem('MON_RULE_EVALUATION', { where: `${runner.rule.where} (${runner.rule.name})`, got });
    }
    for (const { kind, alert } of events) {
      if (kind !== 'firing' && kind !== 'resolved') continue;
      // As in notifications: nobody is to be told of it.
      if (alert.labels.get('severity') === 'none') continue;
      if (++said > MAX_LINES) {
        unsaid++;
        continue;
      }
      const { description = '', summary = description } = alert.annotations;
      const text = `alert ${kind}: ${runner.rule.name} ${alert.labels.drop(['alertname']).toString()} ${summary}`;
      if (kind === 'firing') ownLog.warning(text.trimEnd());
      else ownLog.info(text.trimEnd());
    }
  }
  if (unsaid > 0) ownLog.warning(`alerts: ${unsaid} more began or ended`);
}
