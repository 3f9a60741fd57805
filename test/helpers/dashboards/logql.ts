import { parser } from '@grafana/lezer-logql';

/** What a LogQL query names. */
export interface LogqlNames {
  /** Labels in the selectors of streams. */
  readonly labels: readonly string[];
  /** Labels and fields everywhere else: filters, groupings, formats. */
  readonly fields: readonly string[];
  /** Each selector has a matcher that an absent label does not fit, as Loki demands. */
  readonly selects: boolean;
  /** Names that the query makes itself and may use from there on. */
  readonly made: readonly string[];
}

/** `name="value"` and `name=~"value"` of which the empty text is none. */
function isFirm(matcher: string): boolean {
  const [, operator, value = ''] = /^\w+\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(matcher) ?? [];
  if (operator === '=') return value !== '';
  return operator === '=~' && !new RegExp(`^(?:${value})$`).test('');
}

/** Parses a LogQL query. Throws with the place of the first fault; the grammar itself recovers from faults and goes on. */
export function namesInLogql(query: string): LogqlNames {
  const labels: string[] = [];
  const fields: string[] = [];
  const made: string[] = [];
  const firmIn: boolean[] = [];
  const inside: string[] = [];
  parser.parse(query).iterate({
    enter({ name, type, from, to }) {
      if (type.isError) throw new SyntaxError(`${query.slice(0, from)}⟨here⟩${query.slice(from)}`);
      const text = query.slice(from, to);
      if (name === 'Selector') firmIn.push(false);
      if (name === 'Matcher' && inside.includes('Selector') && isFirm(text)) firmIn[firmIn.length - 1] = true;
      if (name === 'Identifier') {
        const place = inside.includes('Selector') ? labels : fields;
        // `json x="a"` and `label_format x=y` make x.
        (inside.at(-1) === 'LabelExtractionExpression' || inside.at(-1) === 'LabelFormatMatcher'
          ? made
          : place
        ).push(text);
      }
      if (name === 'LineFormatExpr') {
        for (const [, field = ''] of text.matchAll(/\{\{\s*\.(\w+)/g)) fields.push(field);
      }
      inside.push(name);
    },
    leave() {
      inside.pop();
    },
  });
  const selects = firmIn.length > 0 && firmIn.every(Boolean);
  return { labels, fields, selects, made };
}
