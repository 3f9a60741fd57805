import { functions } from './functions.ts';
import type { TemplateContext } from './template-function.ts';
import { Duration, Time } from './formatting/go-time.ts';
import type { Command, Operand, ParsedTemplate, Pipeline, TemplateNode } from './node.ts';
import { TemplateError } from './template-error.ts';
import {
  formatValue,
  GoMap,
  GoStruct,
  type GoValue,
  isList,
  isTrue,
  MAX_TEXT,
  TextTooLong,
  typeName,
} from './value.ts';

// A template of a rule file must neither hang the evaluator nor fill its memory.
const MAX_STEPS = 100_000; // nodes and commands
const CHARS_PER_STEP = 100;
const MAX_CALLS = 50; // nested {{ template }}

type Flow = 'next' | 'break' | 'continue';

interface Variable {
  readonly name: string;
  value: GoValue;
}

function method(value: GoValue, name: string, args: readonly GoValue[]): GoValue | undefined {
  if (value instanceof Time) {
    if (name === 'Format' && typeof args[0] === 'string') return value.format(args[0]);
    if (name === 'UTC') return value;
    if (name === 'Unix') return BigInt(value.seconds);
    if (name === 'Year') return BigInt(value.date.getUTCFullYear());
  }
  if (value instanceof Duration) {
    if (name === 'Seconds') return value.seconds;
    if (name === 'Minutes') return value.seconds / 60;
    if (name === 'Hours') return value.seconds / 3600;
  }
  return name === 'String' && (value instanceof Time || value instanceof Duration)
    ? value.toString()
    : undefined;
}

class Expansion {
  readonly #text: string;
  readonly #template: ParsedTemplate;
  readonly #context: TemplateContext;
  #variables: Variable[];
  #output = '';
  #steps = 0;
  #calls = 0;

  constructor(text: string, template: ParsedTemplate, variables: Variable[], context: TemplateContext) {
    this.#text = text;
    this.#template = template;
    this.#variables = variables;
    this.#context = context;
  }

  run(dot: GoValue): string {
    this.#nodes(this.#template.main, dot);
    return this.#output;
  }

  #fail(message: string, at: number): never {
    throw new TemplateError(message, this.#text, at);
  }

  #step(at: number): void {
    if (++this.#steps > MAX_STEPS) this.#fail(`more than ${MAX_STEPS} steps`, at);
  }

  /** Texts count as steps, so that long ones cannot be handled as often as short ones. */
  #work(values: readonly GoValue[], result: GoValue, at: number): void {
    const chars = [...values, result].reduce<number>(
      (sum, value) => sum + (typeof value === 'string' ? value.length : 0),
      0,
    );
    this.#steps += Math.floor(chars / CHARS_PER_STEP);
    this.#step(at);
  }

  #write(text: string, at: number): void {
    if (this.#output.length + text.length > MAX_TEXT) this.#fail(`more than ${MAX_TEXT} characters`, at);
    this.#output += text;
  }

  #nodes(nodes: readonly TemplateNode[], dot: GoValue): Flow {
    for (const node of nodes) {
      const flow = this.#node(node, dot);
      if (flow !== 'next') return flow;
    }
    return 'next';
  }

  #node(node: TemplateNode, dot: GoValue): Flow {
    this.#step(node.at);
    switch (node.kind) {
      case 'text':
        this.#write(node.text, node.at);
        return 'next';
      case 'print': {
        const value = this.#pipeline(node.pipeline, dot);
        const silent = node.pipeline.variables.length > 0;
        if (!silent) this.#write(value === null ? '<no value>' : formatValue(value), node.at);
        return 'next';
      }
      case 'if':
      case 'with':
      case 'range':
        return this.#scoped(() => this.#control(node, dot));
      case 'template':
        this.#call(node, dot);
        return 'next';
      case 'break':
      case 'continue':
        return node.kind;
    }
  }

  #scoped<T>(run: () => T): T {
    const visible = this.#variables.length;
    try {
      return run();
    } finally {
      this.#variables.length = visible;
    }
  }

  #control(node: Extract<TemplateNode, { kind: 'if' | 'with' | 'range' }>, dot: GoValue): Flow {
    const value = this.#pipeline(node.pipeline, dot, node.kind === 'range');
    if (node.kind === 'range') return this.#range(node, value, dot);
    if (!isTrue(value)) return this.#nodes(node.otherwise, dot);
    return this.#nodes(node.body, node.kind === 'with' ? value : dot);
  }

  #range(node: Extract<TemplateNode, { kind: 'if' | 'with' | 'range' }>, over: GoValue, dot: GoValue): Flow {
    const entries = this.#entries(over, node.at);
    if (entries.length === 0) return this.#nodes(node.otherwise, dot);
    const [first, second] = node.pipeline.variables;
    for (const [key, value] of entries) {
      this.#step(node.at);
      const flow = this.#scoped(() => {
        if (second !== undefined) this.#declare(first!, key, node.pipeline.assigns);
        const last = second ?? first;
        if (last !== undefined) this.#declare(last, value, node.pipeline.assigns);
        return this.#nodes(node.body, value);
      });
      if (flow === 'break') break;
    }
    return 'next';
  }

  #entries(over: GoValue, at: number): readonly (readonly [GoValue, GoValue])[] {
    if (over === null) return [];
    if (isList(over)) return over.map((value, i) => [BigInt(i), value] as const);
    if (over instanceof GoMap) {
      return [...over.entries].sort(([a], [b]) => (a < b ? -1 : 1));
    }
    if (typeof over === 'bigint' && over <= BigInt(MAX_STEPS)) {
      return Array.from({ length: Number(over) }, (_, i) => [BigInt(i), BigInt(i)] as const);
    }
    return this.#fail(`range can't iterate over ${formatValue(over)}`, at);
  }

  #call(node: Extract<TemplateNode, { kind: 'template' }>, dot: GoValue): void {
    const body = this.#template.defined.get(node.name);
    if (!body) this.#fail(`template ${JSON.stringify(node.name)} not defined`, node.at);
    const argument = node.pipeline ? this.#pipeline(node.pipeline, dot) : null;
    if (++this.#calls > MAX_CALLS) this.#fail(`more than ${MAX_CALLS} templates inside each other`, node.at);
    const outer = this.#variables;
    this.#variables = [{ name: '', value: argument }];
    this.#nodes(body, argument);
    this.#variables = outer;
    this.#calls--;
  }

  #declare(name: string, value: GoValue, assigns: boolean): void {
    const known = assigns ? this.#variables.findLast((variable) => variable.name === name) : undefined;
    if (known) known.value = value;
    else this.#variables.push({ name, value });
  }

  #pipeline(pipeline: Pipeline, dot: GoValue, isRange = false): GoValue {
    let value: GoValue = null;
    pipeline.commands.forEach((command, i) => {
      value = this.#command(command, dot, i > 0, value);
    });
    // The variables of a range take its elements.
    if (!isRange) for (const name of pipeline.variables) this.#declare(name, value, pipeline.assigns);
    return value;
  }

  #command(command: Command, dot: GoValue, hasPiped: boolean, piped: GoValue): GoValue {
    this.#step(command.at);
    const { operand, args } = command;
    if (operand.kind === 'function') return this.#function(operand, args, dot, hasPiped ? [piped] : []);
    if (operand.kind === 'fields') {
      const values = args.map((arg) => this.#operand(arg, dot));
      return this.#fields(operand, dot, hasPiped ? [...values, piped] : values);
    }
    if (args.length > 0 || hasPiped)
      this.#fail(`can't give argument to non-function ${operand.kind}`, operand.at);
    if (operand.kind === 'constant' && operand.value === null) this.#fail('nil is not a command', operand.at);
    return this.#operand(operand, dot);
  }

  #function(
    { name, at }: Extract<Operand, { kind: 'function' }>,
    args: readonly Operand[],
    dot: GoValue,
    piped: readonly GoValue[],
  ): GoValue {
    if (name === 'and' || name === 'or') return this.#shortCircuit(name, args, dot, piped, at);
    const { least, most, call } = functions[name]!;
    const values = [...args.map((arg) => this.#operand(arg, dot)), ...piped];
    if (values.length < least || values.length > most) {
      const wanted = least === most ? String(least) : `${least} to ${most}`;
      this.#fail(`wrong number of args for ${name}: want ${wanted} got ${values.length}`, at);
    }
    try {
      this.#context.checkTime?.();
      const result = call(values, this.#context);
      if (typeof result === 'string' && result.length > MAX_TEXT) throw new TextTooLong();
      this.#work(values, result, at);
      return result;
    } catch (error) {
      return this.#fail(`error calling ${name}: ${(error as Error).message}`, at);
    }
  }

  #shortCircuit(
    name: 'and' | 'or',
    args: readonly Operand[],
    dot: GoValue,
    piped: readonly GoValue[],
    at: number,
  ): GoValue {
    let value: GoValue | undefined;
    for (const arg of args) {
      value = this.#operand(arg, dot);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return piped[0] ?? value ?? this.#fail(`wrong number of args for ${name}: want at least 1 got 0`, at);
  }

  #operand(operand: Operand, dot: GoValue): GoValue {
    switch (operand.kind) {
      case 'constant':
        return operand.value;
      case 'dot':
        return dot;
      case 'variable':
        return this.#variables.findLast((variable) => variable.name === operand.name)?.value ?? null;
      case 'function':
        return this.#function(operand, [], dot, []);
      case 'pipeline':
        return this.#pipeline(operand.pipeline, dot);
      case 'fields':
        return this.#fields(operand, dot, []);
    }
  }

  #fields(operand: Extract<Operand, { kind: 'fields' }>, dot: GoValue, args: readonly GoValue[]): GoValue {
    let value = this.#operand(operand.of, dot);
    operand.names.forEach((name, i) => {
      const isLast = i === operand.names.length - 1;
      value = this.#field(value, name, isLast ? args : [], operand.at);
    });
    return value;
  }

  #field(value: GoValue, name: string, args: readonly GoValue[], at: number): GoValue {
    const called = method(value, name, args);
    if (called !== undefined) return called;
    if (args.length > 0) this.#fail(`${name} has arguments but cannot be invoked as function`, at);
    if (value instanceof GoMap) return value.entries.get(name) ?? (value.kind === 'labels' ? '' : null);
    const found = value instanceof GoStruct ? value.fields[name] : undefined;
    if (found !== undefined && value instanceof GoStruct && Object.hasOwn(value.fields, name)) return found;
    return this.#fail(`can't evaluate field ${name} in type ${typeName(value)}`, at);
  }
}

/** What a template of a rule is expanded with (Prometheus, template.AlertTemplateData). */
export interface TemplateData {
  readonly labels: Readonly<Record<string, string>>;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Expands a parsed template. Throws a `TemplateError`. */
export function expandTemplate(
  text: string,
  template: ParsedTemplate,
  data: TemplateData,
  context: TemplateContext,
): string {
  const labels = GoMap.labels(data.labels);
  const externalLabels = GoMap.labels(data.externalLabels);
  const { value } = data;
  const dot = new GoStruct('struct', {
    Labels: labels,
    ExternalLabels: externalLabels,
    ExternalURL: context.externalUrl,
    Value: value,
  });
  const variables: Variable[] = [
    { name: '', value: dot },
    { name: 'labels', value: labels },
    { name: 'externalLabels', value: externalLabels },
    { name: 'externalURL', value: context.externalUrl },
    { name: 'value', value },
  ];
  return new Expansion(text, template, variables, context).run(dot);
}
