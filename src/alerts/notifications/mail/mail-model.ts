import type { AlertUpdate } from '../alert-update.ts';
import type { Notification, NotificationMessage, NotifyReason } from '../notification-message.ts';

export type MailState = 'firing' | 'resolved';

/** One alert of a mail, in the words that the mail uses. */
export interface MailAlert {
  readonly state: MailState;
  readonly name: string;
  readonly severity: string;
  readonly description: string;
  /** A short line (Prometheus' annotation `summary`), if a rule has one in addition to its description. */
  readonly summary: string;
  /** When it began to fire. */
  readonly timeMs: number;
  /** Since when the condition holds, where that is earlier. */
  readonly sinceMs: number | undefined;
  readonly resolvedMs: number | undefined;
  readonly value: number | undefined;
  readonly labels: readonly (readonly [string, string])[];
  /** Further annotations of the rule. */
  readonly notes: readonly (readonly [string, string])[];
  readonly runbook: string | undefined;
  /** The remedy that the rule names; '' when it names none. */
  readonly action: string;
  readonly rule: { readonly expr: string; readonly forMs: number; readonly where: string } | undefined;
}

/** The content of a mail; text and HTML are two forms of it. */
export interface MailModel {
  readonly subject: string;
  readonly state: MailState;
  /** What happened, in one line. */
  readonly headline: string;
  readonly service: string | undefined;
  readonly alerts: readonly MailAlert[];
  /** Alerts that did not fit. */
  readonly more: number;
  /** Why and how late this mail comes; empty for an ordinary mail. */
  readonly footnotes: readonly string[];
}

/** More labels, annotations or characters than any rule needs: they come from the service's data. */
const MAX_ENTRIES = 50;
const MAX_TEXT = 4000;
/** A delay that the ordinary wait of a group does not explain. */
const LATE_MS = 30_000;

// Control characters, and those that turn the direction of a text round (Trojan Source, CVE-2021-42574).
const UNSAFE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text of several lines that is safe to show. */
export function cleanText(text: string): string {
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return cut.replaceAll('\r\n', '\n').replaceAll(UNSAFE, '�').toWellFormed();
}

/** A text that is safe as one line, as in a header. */
export function cleanLine(text: string, longest = 200): string {
  const line = cleanText(text).replaceAll(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest).toWellFormed()}…` : line;
}

function entries(record: Readonly<Record<string, string>>, without: readonly string[]): [string, string][] {
  return Object.entries(record)
    .filter(([name, value]) => !without.includes(name) && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, MAX_ENTRIES)
    .map(([name, value]) => [cleanLine(name), cleanLine(value, 1000)]);
}

function alertOf(update: AlertUpdate): MailAlert {
  const { annotations, labels, kind } = update;
  const summary = annotations['summary'] ?? '';
  const description = annotations['description'] ?? '';
  return {
    state: kind,
    name: cleanLine(update.name),
    severity: cleanLine(labels['severity'] ?? ''),
    description: cleanText(description === '' ? summary : description),
    summary: description === '' ? '' : cleanLine(summary, 1000),
    timeMs: update.firedAtMs,
    sinceMs: update.activeAtMs < update.firedAtMs ? update.activeAtMs : undefined,
    resolvedMs: update.kind === 'resolved' ? update.resolvedAtMs : undefined,
    value: update.value,
    labels: entries(labels, ['severity']),
    notes: entries(annotations, ['summary', 'description', 'runbook_url', 'action']),
    action: cleanText(annotations['action'] ?? ''),
    runbook:
      annotations['runbook_url'] === undefined ? undefined : cleanLine(annotations['runbook_url'], 1000),
    rule: { ...update.rule, expr: cleanText(update.rule.expr) },
  };
}

const severityOrder: readonly string[] = ['critical', 'error', 'warning', 'info'];

/** The most severe first, then the oldest. */
function bySeverity(a: MailAlert, b: MailAlert): number {
  const rank = ({ severity }: MailAlert): number => {
    const at = severityOrder.indexOf(severity.toLowerCase());
    return at < 0 ? severityOrder.length : at;
  };
  return rank(a) - rank(b) || a.timeMs - b.timeMs;
}

function subjectOf(alerts: readonly { readonly name: string }[]): string {
  const names = [...new Set(alerts.map(({ name }) => cleanLine(name, 120)))];
  const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
  return `Alert: ${names[0] ?? ''}${more}`;
}

const REASONS: Readonly<Record<NotifyReason, string>> = {
  new: '',
  resolved: '',
  repeat: 'Reminder: no change since the last mail.',
};

function headlineOf(firing: number, resolved: number): string {
  const parts: string[] = [];
  if (firing > 0) parts.push(firing === 1 ? '1 alert is firing' : `${firing} alerts are firing`);
  if (resolved > 0) parts.push(resolved === 1 ? '1 alert is resolved' : `${resolved} alerts are resolved`);
  return parts.join(', ');
}

/** The mail of a notification, with at most `maxAlerts` alerts listed and the rest counted. */
export function mailOfMessage(
  message: NotificationMessage,
  options: { readonly service: string; readonly maxAlerts: number; readonly nowMs: number },
): MailModel {
  const { firing, resolved, reason, dueMs } = message;
  const all = [...firing.map(alertOf).sort(bySeverity), ...resolved.map(alertOf).sort(bySeverity)];
  const alerts = all.slice(0, options.maxAlerts);
  const footnotes: string[] = [];
  if (REASONS[reason] !== '') footnotes.push(REASONS[reason]);
  if (options.nowMs - dueMs > LATE_MS) {
    footnotes.push(
      `Delayed: this mail was due at ${formatTime(dueMs)} and was sent at ${formatTime(options.nowMs)}.`,
    );
  }
  return {
    subject: subjectOf(firing.length > 0 ? firing : resolved),
    state: firing.length > 0 ? 'firing' : 'resolved',
    headline: headlineOf(firing.length, resolved.length),
    service: options.service === '' ? undefined : cleanLine(options.service),
    alerts,
    more: all.length - alerts.length,
    footnotes,
  };
}

/** The mail of one notification of the documented form. */
export function mailOfNotification(notification: Notification): MailModel {
  const alert: MailAlert = {
    state: 'firing',
    name: cleanLine(notification.alert),
    severity: cleanLine(notification.severity),
    description: cleanText(notification.description),
    summary: '',
    timeMs: notification.timestamp.getTime(),
    sinceMs: undefined,
    resolvedMs: undefined,
    value: undefined,
    labels: entries(notification.labels, []),
    notes: [],
    runbook: undefined,
    action: '',
    rule: undefined,
  };
  const subject = subjectOf([alert]);
  const common = { subject, state: 'firing', service: undefined, more: 0, footnotes: [] } as const;
  return { ...common, headline: headlineOf(1, 0), alerts: [alert] };
}

/** `2026-11-24 06:15:00 UTC`: the same for every reader, wherever the mail is read. */
export function formatTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** At most six significant digits. */
export function formatNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
}

/** `2 h 5 min`, `45 s`: how long something lasted. */
export function formatSpan(spanMs: number): string {
  const seconds = Math.max(0, Math.round(spanMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
