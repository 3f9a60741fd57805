import { isMap, type Node, visit, type YAMLMap } from 'yaml';
import type { RuleFault } from '../../alerts/rules/compile-rule.ts';
import { reportFault } from '../../alerts/rules/files/rule-problems.ts';
import { YamlSource } from '../../alerts/rules/files/yaml-source.ts';

/** Where in a rule something stands; `line` and `column` count from 1 inside the text of the field. */
export type PlaceInRule = Pick<RuleFault, 'field' | 'line' | 'column'>;

const EXPRESSION = ['expr', 'condition'];

/** Finds places in a rule file that was loaded without faults at them. */
export class RulePlaces {
  readonly #source: YamlSource;
  readonly #maps = new Map<string, YAMLMap>();

  constructor(path: string, text: string) {
    this.#source = new YamlSource(path, text);
    if (this.#source.root === undefined) return;
    visit(this.#source.root, {
      Map: (_key, node) => {
        const where = this.#source.where(node);
        // A map that begins where another does is inside it: the outer one is the rule.
        if (!this.#maps.has(where)) this.#maps.set(where, node);
      },
    });
  }

  /** `file:line:column` of a place in the rule that begins at `where`; as near as the file shows it. */
  at(where: string, place: PlaceInRule): string {
    const rule = this.#maps.get(where);
    if (rule === undefined) return where;
    const fault = { ...place, expected: '', got: '' };
    reportFault(this.#source, fault, (field) => this.#node(rule, field) ?? rule);
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
