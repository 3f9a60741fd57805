import { stringify } from 'yaml';
import type { DefaultRule } from '../../src/alerts/rules/alert-rule.ts';

/** The text between these two headings is written by hand; the rest of a page is generated from the rule. */
const FIRST = '## What it means';
const LAST = '## Mute, change or disable';
const SECTIONS = [FIRST, '## First checks', '## Common causes', '## What to do'] as const;

function written(page: string): string {
  const from = page.indexOf(`${FIRST}\n`);
  const to = page.indexOf(`${LAST}\n`);
  if (from === -1 || to === -1) return `${SECTIONS.join('\n\n')}\n\n`;
  return page.slice(from, to);
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

/** How a rule is evaluated and when it fires. */
function facts({ severity, category, duration, keepFiringFor, interval }: DefaultRule): string {
  const parts = [`severity \`${severity}\``, `category ${category ?? ''}`];
  parts.push(duration === '0s' ? 'fires immediately' : `fires after ${duration}`);
  if (keepFiringFor !== undefined) parts.push(`keeps firing for ${keepFiringFor} after the condition ends`);
  if (interval !== undefined) parts.push(`evaluated every ${interval}`);
  return `${parts.join(', ')}.`.replace(/^s/, 'S');
}

/** The rule in the documented format, as a template for changes. */
function ruleText(rule: DefaultRule): string {
  const { name, condition, duration, keepFiringFor, interval, severity, category, description } = rule;
  const fields = { name, condition, duration, keepFiringFor, interval, severity, category, description };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return stringify([given], { lineWidth: 0 });
}

function toListenersOnly({ name }: DefaultRule): readonly string[] {
  return [
    'Active if MONITORING_HEARTBEAT_URL is set, or if MONITORING_ALERTMANAGER_URL is set and the default rules are enabled.',
    `\`MONITORING_DEFAULT_RULES_OFF=${name}\` disables it.`,
  ];
}

function forPeople(rule: DefaultRule): readonly string[] {
  return [
    `- Mute it for a while: \`npx geometra-monitoring silence add ${rule.name} --for 2h\`.`,
    `- Disable it: \`MONITORING_DEFAULT_RULES_OFF=${rule.name}\`.`,
    '- Change its limits: disable it, and add a modified copy of this rule to a MONITORING_RULES file.',
    '',
    fenced('yaml', ruleText(rule)),
  ];
}

/** The page of a default rule; keeps the hand-written part of the current page. */
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
    'One page per default rule: its meaning, first checks, common causes, what to do, and how to mute, change or disable it.',
    'The alert mail names the page.',
    '',
    'The queries on the pages are PromQL. Run them in Grafana, in a Prometheus that scrapes the service, or against the monitor',
    'itself, which keeps the last 15 minutes and as much more as its rules need:',
    '',
    '```sh',
    "curl -s --data-urlencode 'query=system_cpu_usage' http://127.0.0.1:9464/api/v1/query",
    '```',
    '',
    'A rule is inactive until its metrics exist, so that a service without a database has no database alerts.',
    '`npx geometra-monitoring rules status` lists rules that are firing, pending or waiting for their metrics.',
    '',
    '| rule | severity | category | action |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
