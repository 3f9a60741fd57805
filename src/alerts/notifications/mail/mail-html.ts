import { formatDurationMs } from '../../../promql/syntax/durations.ts';
import { formatNumber, formatSpan, formatTime, type MailAlert, type MailModel } from './mail-model.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML content and for attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

interface Colours {
  /** Bar and badge; white text on it has a contrast of at least 4.5 (WCAG 2.2, 1.4.3). */
  readonly strong: string;
  readonly soft: string;
}

const RESOLVED: Colours = { strong: '#067647', soft: '#ecfdf3' };
const UNKNOWN: Colours = { strong: '#475467', soft: '#f2f4f7' };
const BY_SEVERITY: Readonly<Record<string, Colours>> = {
  critical: { strong: '#b42318', soft: '#fef3f2' },
  error: { strong: '#b42318', soft: '#fef3f2' },
  warning: { strong: '#b54708', soft: '#fffaeb' },
  info: { strong: '#175cd3', soft: '#eff8ff' },
};

function coloursOf({ state, severity }: MailAlert): Colours {
  if (state === 'resolved') return RESOLVED;
  return BY_SEVERITY[severity.toLowerCase()] ?? UNKNOWN;
}

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const MONO = 'font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:13px';
const FULL = 'width="100%" cellpadding="0" cellspacing="0" role="presentation"';

const lines = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>');

function row(name: string, valueHtml: string): string {
  return (
    `<tr><td style="padding:4px 16px 4px 0;color:#667085;vertical-align:top;white-space:nowrap">${escapeHtml(name)}</td>` +
    `<td style="padding:4px 0;color:#101828;word-break:break-word">${valueHtml}</td></tr>`
  );
}

function badge(text: string, colours: Colours): string {
  return (
    `<span style="display:inline-block;padding:2px 10px;border-radius:10px;background:${colours.strong};` +
    `color:#ffffff;font-size:12px;font-weight:600;letter-spacing:.02em">${escapeHtml(text)}</span>`
  );
}

/** Only addresses of web pages become links: a rule must not be able to carry a script. */
function link(address: string): string {
  const isWeb = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  const text = escapeHtml(address);
  return isWeb ? `<a href="${text}" style="color:#175cd3">${text}</a>` : text;
}

function labelTable(labels: MailAlert['labels'], colours: Colours): string {
  if (labels.length === 0) return '';
  const cell = `padding:5px 12px;border-top:1px solid #eaecf0;word-break:break-word;${MONO}`;
  const rows = labels
    .map(
      ([name, value]) =>
        `<tr><td style="${cell};color:#667085;width:35%">${escapeHtml(name)}</td>` +
        `<td style="${cell};color:#101828">${escapeHtml(value)}</td></tr>`,
    )
    .join('');
  return (
    `<table ${FULL} style="margin:12px 0 0;border:1px solid #eaecf0;border-top:0;border-collapse:separate;` +
    `border-radius:6px;background:#ffffff"><tr><td colspan="2" style="padding:6px 12px;background:${colours.soft};` +
    `border-top:1px solid #eaecf0;border-radius:6px 6px 0 0;color:#475467;font-size:12px;font-weight:600">Labels` +
    `</td></tr>${rows}</table>`
  );
}

function ruleBlock(rule: MailAlert['rule']): string {
  if (rule === undefined) return '';
  const forText = rule.forMs > 0 ? ` for ${formatDurationMs(rule.forMs)}` : '';
  return (
    `<div style="margin:12px 0 0;padding:8px 12px;background:#f9fafb;border-radius:6px;color:#344054;` +
    `word-break:break-word;${MONO}">${lines(rule.expr)}</div>` +
    `<div style="margin:4px 0 0;color:#667085;font-size:12px">Rule ${escapeHtml(rule.where)}${forText}</div>`
  );
}

function alertBlock(alert: MailAlert): string {
  const colours = coloursOf(alert);
  const badges = [badge(alert.state === 'firing' ? 'Firing' : 'Resolved', colours)];
  if (alert.severity !== '') badges.push(badge(alert.severity, alert.state === 'firing' ? colours : UNKNOWN));
  const rows = [row('Time', escapeHtml(formatTime(alert.timeMs)))];
  if (alert.sinceMs !== undefined) {
    rows.push(row('Pending since', escapeHtml(formatTime(alert.sinceMs))));
  }
  if (alert.resolvedMs !== undefined) {
    const after = formatSpan(alert.resolvedMs - alert.timeMs);
    rows.push(row('Resolved', escapeHtml(`${formatTime(alert.resolvedMs)}, after ${after}`)));
  }
  if (alert.value !== undefined) {
    rows.push(row('Value', `<strong>${escapeHtml(formatNumber(alert.value))}</strong>`));
  }
  for (const [name, value] of alert.notes) rows.push(row(name, escapeHtml(value)));
  if (alert.action !== '') rows.push(row('What to do', lines(alert.action)));
  if (alert.runbook !== undefined) rows.push(row('Runbook', link(alert.runbook)));
  const summary =
    alert.summary === ''
      ? ''
      : `<div style="margin:8px 0 0;color:#101828;font-weight:600">${escapeHtml(alert.summary)}</div>`;
  return (
    `<tr><td style="padding:0 0 16px"><table ${FULL} style="background:#ffffff;border:1px solid #eaecf0;` +
    `border-left:4px solid ${colours.strong};border-radius:8px;border-collapse:separate"><tr>` +
    `<td style="padding:16px 20px;font-size:14px;line-height:1.5">${badges.join(' ')}` +
    `<div style="margin:8px 0 0;font-size:18px;font-weight:600;color:#101828;word-break:break-word">` +
    `${escapeHtml(alert.name)}</div>${summary}` +
    `<div style="margin:4px 0 8px;color:#344054;word-break:break-word">${lines(alert.description)}</div>` +
    `<table cellpadding="0" cellspacing="0" role="presentation" style="font-size:14px">${rows.join('')}</table>` +
    `${labelTable(alert.labels, colours)}${ruleBlock(alert.rule)}</td></tr></table></td></tr>`
  );
}

/** The mail as HTML: inline styles and tables only, since mail programs drop anything else. No images, no scripts. */
export function renderHtml(mail: MailModel): string {
  const colours = mail.alerts[0] === undefined ? UNKNOWN : coloursOf(mail.alerts[0]);
  const service = mail.service === undefined ? '' : ` in ${escapeHtml(mail.service)}`;
  const footnotes = [
    ...(mail.more > 0 ? [`… and ${mail.more} more not listed here.`] : []),
    ...mail.footnotes,
  ];
  const footer = footnotes.map(
    (footnote) =>
      `<tr><td style="padding:0 4px 8px;color:#475467;font-size:13px">${escapeHtml(footnote)}</td></tr>`,
  );
  return (
    `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<meta name="color-scheme" content="light"><title>${escapeHtml(mail.subject)}</title></head>` +
    `<body style="margin:0;padding:0;background:#f2f4f7;${FONT}"><table ${FULL} style="background:#f2f4f7">` +
    `<tr><td align="center" style="padding:24px 12px"><table ${FULL} style="max-width:640px;text-align:left">` +
    `<tr><td style="padding:0 0 16px"><div style="padding:14px 20px;border-radius:8px;background:${colours.strong};` +
    `color:#ffffff;font-size:15px;line-height:1.4"><strong>${mail.state.toUpperCase()}</strong>: ` +
    `${escapeHtml(mail.headline)}${service}</div></td></tr>` +
    `${mail.alerts.map(alertBlock).join('')}${footer.join('')}</table></td></tr></table></body></html>`
  );
}
