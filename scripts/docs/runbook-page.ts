import { stringify } from 'yaml';
import type { DefaultRule } from '../../src/alerts/rules/alert-rule.ts';

/** Between these two headings stands what people write; all else of a page is made from the rule. */
const FIRST = '## What it means';
const LAST = '## Silence, change or switch off';
const SECTIONS = [FIRST, '## Look at first', '## Usual causes', '## What to do'] as const;

function written(page: string): string {
  const from = page.indexOf(`${FIRST}\n`);
  const to = page.indexOf(`${LAST}\n`);
  if (from === -1 || to === -1) return `${SECTIONS.join('\n\n')}\n\n`;
  return page.slice(from, to);
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

/** How a rule is evaluated and when it fires: `warning`, system, after 5m. */
function facts({ severity, category, duration, keepFiringFor, interval }: DefaultRule): string {
  const parts = [`severity \`${severity}\``, `category ${category ?? ''}`];
  parts.push(duration === '0s' ? 'fires at once' : `fires after ${duration}`);
  if (keepFiringFor !== undefined) parts.push(`goes on for ${keepFiringFor} after it is over`);
  if (interval !== undefined) parts.push(`evaluated every ${interval}`);
  return `${parts.join(', ')}.`.replace(/^s/, 'S');
}

/** The rule in the documented format, to be changed. */
function ruleText(rule: DefaultRule): string {
  const { name, condition, duration, keepFiringFor, interval, severity, category, description } = rule;
  const fields = { name, condition, duration, keepFiringFor, interval, severity, category, description };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return stringify([given], { lineWidth: 0 });
}

function toListenersOnly({ name }: DefaultRule): readonly string[] {
  return [
    'It is there while MONITORING_HEARTBEAT_URL is set, or MONITORING_ALERTMANAGER_URL and the default rules are.',
    `\`MONITORING_DEFAULT_RULES_OFF=${name}\` leaves it out.`,
  ];
}

function forPeople(rule: DefaultRule): readonly string[] {
  return [
    `- For a while: \`npx geometra-monitoring silence add ${rule.name} --for 2h\`.`,
    `- For good: \`MONITORING_DEFAULT_RULES_OFF=${rule.name}\`.`,
    '- With other limits: switch it off, and put this into a file of MONITORING_RULES, changed as you need it.',
    '',
    fenced('yaml', ruleText(rule)),
  ];
}

/** The page of a default rule; what people wrote on the present page stays. */
export function runbookPage(rule: DefaultRule, page: string): string {
  const { name, condition } = rule;
  return [
    `# ${name}`,
    '',
    facts(rule),
    '',
    fenced('promql', condition),
    '',
    `${written(page)}${LAST}`,
    '',
    ...(rule.severity === 'none' ? toListenersOnly(rule) : forPeople(rule)),
    '',
  ].join('\n');
}

/** The index of the pages. */
export function runbookIndex(rules: readonly DefaultRule[]): string {
  const rows = rules.map(
    ({ name, severity, category, action }) =>
      `| [${name}](${name}.md) | ${severity} | ${category ?? ''} | ${action.replaceAll('|', String.raw`\|`)} |`,
  );
  return [
    '<!-- Generated from src/alerts/default-rules by `npm run docs`. -->',
    '',
    '# Runbooks',
    '',
    'A page for each rule that comes with the package: what it means, what to look at first, usual causes, what to do, and how to',
    'change it or switch it off. Its mail names the page.',
    '',
    'The queries on the pages are PromQL. Type them into Grafana, into a Prometheus that scrapes the service, or ask the monitor',
    'itself, which knows the last 15 minutes, and further back what its rules look at:',
    '',
    '```sh',
    "curl -s --data-urlencode 'query=system_cpu_usage' http://127.0.0.1:9464/api/v1/query",
    '```',
    '',
    'A rule waits until the metrics that it is about exist, so that a service without a database has no alerts on one.',
    '`npx geometra-monitoring rules status` shows what fires, what is pending and what waits.',
    '',
    '| rule | severity | category | in short |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
