import { formatDurationMs } from '../../../promql/syntax/durations.ts';
import { formatNumber, formatSpan, formatTime, type MailAlert, type MailModel } from './mail-model.ts';

function alertLines(alert: MailAlert): string[] {
  const lines = [
    `Alert: ${alert.name}`,
    `State: ${alert.state}`,
    `Severity: ${alert.severity}`,
    `Description: ${alert.description.replaceAll('\n', '\n    ')}`,
  ];
  if (alert.summary !== '') lines.push(`Summary: ${alert.summary}`);
  lines.push(`Time: ${formatTime(alert.timeMs)}`);
  if (alert.sinceMs !== undefined) lines.push(`Pending since: ${formatTime(alert.sinceMs)}`);
  if (alert.resolvedMs !== undefined) {
    lines.push(
      `Resolved: ${formatTime(alert.resolvedMs)} (after ${formatSpan(alert.resolvedMs - alert.timeMs)})`,
    );
  }
  if (alert.value !== undefined) lines.push(`Value: ${formatNumber(alert.value)}`);
  lines.push(`Labels: ${alert.labels.map(([name, value]) => `${name}=${value}`).join(', ')}`);
  for (const [name, value] of alert.notes) lines.push(`${name}: ${value}`);
  if (alert.action !== '') lines.push(`What to do: ${alert.action.replaceAll('\n', '\n    ')}`);
  if (alert.runbook !== undefined) lines.push(`Runbook: ${alert.runbook}`);
  if (alert.rule !== undefined) {
    const forText = alert.rule.forMs > 0 ? ` for ${formatDurationMs(alert.rule.forMs)}` : '';
    lines.push(`Rule: ${alert.rule.expr.replaceAll('\n', '\n    ')}${forText} (${alert.rule.where})`);
  }
  return lines;
}

/** The mail as plain text; its first line has the state. */
export function renderText(mail: MailModel): string {
  const service = mail.service === undefined ? '' : ` in ${mail.service}`;
  const lines = [`${mail.state.toUpperCase()}: ${mail.headline}${service}`];
  for (const alert of mail.alerts) lines.push('', ...alertLines(alert));
  if (mail.more > 0) lines.push('', `… and ${mail.more} more not listed here.`);
  if (mail.footnotes.length > 0) lines.push('', ...mail.footnotes);
  return `${lines.join('\n')}\n`;
}
