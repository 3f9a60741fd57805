import { isMap, type Node, visit, type YAMLMap } from 'yaml';
import type { RuleProblem } from '../../alerts/rules/compile-rule.ts';
import { reportProblem } from '../../alerts/rules/files/rule-problems.ts';
import { YamlSource } from '../../alerts/rules/files/yaml-source.ts';

/** A location in a rule; `line` and `column` count from 1 inside the text of the field. */
export type LocationInRule = Pick<RuleProblem, 'field' | 'line' | 'column'>;

const EXPRESSION = ['expr', 'condition'];

/** Finds locations in a rule file that was loaded without problems. */
export class RuleLocations {
  readonly #source: YamlSource;
  readonly #maps = new Map<string, YAMLMap>();

  constructor(path: string, content: string | Uint8Array) {
    this.#source = new YamlSource(path, content);
    if (this.#source.root === undefined) return;
    visit(this.#source.root, {
      Map: (_key, node) => {
        const where = this.#source.where(node);
        // A map that begins where another does is inside it: the outer one is the rule.
        if (!this.#maps.has(where)) this.#maps.set(where, node);
      },
    });
  }

  /** `file:line:column` of a location in the rule that begins at `where`; as near as the file shows it. */
  at(where: string, location: LocationInRule): string {
    const rule = this.#maps.get(where);
    if (rule === undefined) return where;
    const problem = { ...location, expected: '', got: '' };
    reportProblem(this.#source, problem, (field) => this.#node(rule, field) ?? rule);
    return String(this.#source.problems.pop()?.params['where'] ?? where);
  }

  #node(rule: YAMLMap, field: string): Node | undefined {
    if (field === 'condition') {
      return EXPRESSION.map((name) => this.#value(rule, name)).find((node) => node !== undefined);
    }
    const [head = '', ...rest] = field.split('.');
    const node = this.#value(rule, head);
    if (rest.length === 0 || node === undefined) return node;
    return isMap(node) ? this.#value(node, rest.join('.')) : undefined;
  }

  #value(map: YAMLMap, name: string): Node | undefined {
    const value = map.get(name, true) as Node | undefined;
    return value === undefined ? undefined : this.#source.resolve(value);
  }
}
