/** What an audit of the shipped packages found. */
export type AuditReport =
  | { readonly kind: 'clean'; readonly packages: number }
  | { readonly kind: 'vulnerable'; readonly advisories: readonly string[] }
  | { readonly kind: 'unanswered'; readonly reason: string };

interface NpmAudit {
  readonly error?: { readonly summary?: string; readonly detail?: string };
  readonly message?: string;
  readonly vulnerabilities?: Readonly<
    Record<
      string,
      { readonly severity: string; readonly range: string; readonly via: readonly (string | Advisory)[] }
    >
  >;
  readonly metadata?: { readonly dependencies?: { readonly total?: number } };
}

interface Advisory {
  readonly title: string;
  readonly url: string;
}

function parse(output: string): NpmAudit {
  try {
    return JSON.parse(output) as NpmAudit;
  } catch {
    return { message: output.trim().slice(0, 200) || 'npm audit printed nothing' };
  }
}

/** Reads what `npm audit --json` printed. A registry that does not answer audits is not a clean result. */
export function auditReport(output: string): AuditReport {
  const { error, message, vulnerabilities, metadata } = parse(output);
  if (vulnerabilities === undefined)
    return {
      kind: 'unanswered',
      reason: [error?.summary, error?.detail, message].find((text) => text) ?? 'no reason given',
    };
  const advisories = Object.entries(vulnerabilities).map(([name, { severity, range, via }]) => {
    const sources = via.map((source) =>
      typeof source === 'string' ? source : `${source.title} ${source.url}`,
    );
    return `${name} ${range} (${severity}): ${sources.join('; ')}`;
  });
  return advisories.length > 0
    ? { kind: 'vulnerable', advisories }
    : { kind: 'clean', packages: metadata?.dependencies?.total ?? 0 };
}
