import { readFileSync } from 'node:fs';
import { defaultGroupsFor } from '../../alerts/default-rules/index.ts';
import type { RuleGroup } from '../../alerts/rules/rule.ts';
import { mailedSeverities } from '../../alerts/notifications/mail/mail-channel.ts';
import { setUpChannels } from '../../alerts/notifications/channels.ts';
import type { Settings } from '../../config/read-settings.ts';
import { nearest } from '../../config/nearest-name.ts';
import { preamble } from '../../config/preamble.ts';
import type { SettingRow } from '../../config/setting.ts';
import { settingRows } from '../../config/settings.ts';
import { VERSION } from '../../config/version.ts';
import { targetsOf } from '../../monitor/scrape/target.ts';
import { formatProblem, type Problem, problem } from '../../errors.ts';
import type { Command, ExitCode, Io } from '../command.ts';
import { rulesFor, settingsOf } from '../environment.ts';
import { counted, paint } from '../terminal/paint.ts';

const options = {
  json: { type: 'boolean', description: 'print one JSON object instead of text' },
} as const;

/** Names of the settings in the environment. */
function namesSet(env: NodeJS.ProcessEnv): readonly string[] {
  const rows: readonly SettingRow[] = Object.values(settingRows);
  const names = rows.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
  return names.filter((name) => (env[name] ?? '') !== '');
}

const COMMON_SEVERITIES = ['critical', 'warning', 'info', 'none'];

/** Severities with recipients of their own that no rule has: they would never be mailed to. */
function unknownSeverities(settings: Settings, groups: readonly RuleGroup[]): readonly Problem[] {
  const rules = groups.flatMap((group) => group.rules);
  const known = new Set([...COMMON_SEVERITIES, ...rules.map(({ labels }) => labels['severity'] ?? '')]);
  // A template may become any severity.
  if ([...known].some((severity) => severity.includes('{{'))) return [];
  return mailedSeverities(settings)
    .filter((severity) => !known.has(severity))
    .map((severity) => {
      const meant = nearest(severity, known);
      const expected =
        meant === undefined ? 'a severity that a rule has' : `a severity that a rule has, such as ${meant}`;
      const next = 'nothing is mailed to its recipients';
      return problem('MON_MAIL_SETTINGS', { where: 'SMTP_TO_BY_SEVERITY', expected, got: severity, next });
    });
}

function section(io: Io, title: string, what: string, problems: readonly Problem[]): string {
  const mark = problems.length === 0 ? paint(io, 'green', 'ok') : paint(io, 'red', 'invalid');
  const lines = problems.map((found) => `  ${formatProblem(found)}\n`).join('');
  return `${title}: ${mark}, ${what}\n${lines}`;
}

export const command: Command<typeof options> = {
  args: '',
  about: [
    'Checks the settings in the environment, the rule files and the notification channels. Starts nothing and sends nothing.',
    'Secrets are never shown.',
  ],
  options,

  run({ json }, _args, io): ExitCode {
    const { settings, problems: wrongSettings } = settingsOf(io);
    const loaded = rulesFor([], io);
    const { groups: defaultGroups, problems: wrongDefaults } = defaultGroupsFor(settings);
    const defaults = defaultGroups.flatMap(({ rules }) => rules).length;
    const rules = loaded.groups.flatMap((group) => group.rules).length;
    const service = settings.serviceName ?? settings.resourceAttributes?.['service.name'] ?? '';
    const readFile = (path: string): string => readFileSync(path, 'utf8');
    const { channels, problems: wrongChannels } = setUpChannels({ settings, service, readFile });
    for (const channel of channels) channel.close();
    const wrongAlerts = [
      ...wrongChannels,
      ...unknownSeverities(settings, [...defaultGroups, ...loaded.groups]),
    ];
    const { problems: wrongTargets } = targetsOf(settings.scrape ?? []);
    const wrong = [...wrongSettings, ...wrongDefaults, ...wrongTargets];
    const problems = [...wrong, ...loaded.problems, ...wrongAlerts];
    const ok = problems.length === 0;
    if (json) {
      const facts = { version: VERSION, node: process.version, service, pid: process.pid };
      const { settings: inForce } = preamble(settings, facts);
      const shown = problems.map((found) => ({ code: found.code, text: formatProblem(found) }));
      const titles = channels.map(({ title }) => title);
      io.out(
        `${JSON.stringify({ disabled: settings.disabled, settings: inForce, rules, defaultRules: defaults, channels: titles, problems: shown, ok })}\n`,
      );
      return ok ? 0 : 1;
    }
    if (settings.disabled)
      io.out('monitoring: off by OTEL_SDK_DISABLED, nothing is measured, started or sent\n');
    const set = namesSet(io.env);
    const names = set.length === 0 ? 'none set, all defaults' : `set: ${set.join(', ')}`;
    io.out(section(io, 'settings', names, wrong));
    const files = `${counted(rules, 'rule')} in ${counted(loaded.files.length, 'file')}`;
    io.out(section(io, 'rules', `${files}, ${counted(defaults, 'default rule')}`, loaded.problems));
    const titles = channels.map(({ title }) => title).join(', ');
    const summary =
      titles === '' ? 'no notifications: alerts are shown and logged only' : `notifications by ${titles}`;
    io.out(section(io, 'alerts', summary, wrongAlerts));
    return ok ? 0 : 1;
  },
};
