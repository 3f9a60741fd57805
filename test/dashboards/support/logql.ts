import { parser } from '@grafana/lezer-logql';

/** What a LogQL query names. */
export interface LogqlNames {
  /** Labels in the selectors of streams. */
  readonly labels: readonly string[];
  /** Labels and fields everywhere else: filters, groupings, formats. */
  readonly fields: readonly string[];
  /** Names that the query makes itself and may use from there on. */
  readonly made: readonly string[];
}

/** Parses a LogQL query. Throws with the place of the first fault; the grammar itself recovers from faults and goes on. */
export function namesInLogql(query: string): LogqlNames {
  const labels: string[] = [];
  const fields: string[] = [];
  const made: string[] = [];
  const inside: string[] = [];
  parser.parse(query).iterate({
    enter({ name, type, from, to }) {
      if (type.isError) throw new SyntaxError(`${query.slice(0, from)}⟨here⟩${query.slice(from)}`);
      const text = query.slice(from, to);
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
  return { labels, fields, made };
}
