import type { Call, Node } from '../syntax/ast.ts';
import { unparen } from '../syntax/ast.ts';
import type { EvaluationContext, RangeVector } from '../evaluation/evaluation-context.ts';
import type { Vector } from '../evaluation/sample.ts';

/** One call of a function at one time: its arguments, evaluated on demand, and its annotations. */
export class FunctionCall {
  readonly node: Call;
  readonly timeMs: number;
  readonly context: EvaluationContext;
  /** Set where the function has a range vector: that vector, for its bounds. */
  readonly range: RangeVector | undefined;

  constructor(node: Call, timeMs: number, context: EvaluationContext, range?: RangeVector) {
    this.node = node;
    this.timeMs = timeMs;
    this.context = context;
    this.range = range;
  }

  get count(): number {
    return this.node.args.length;
  }

  argument(index: number): Node {
    return this.node.args[index]!;
  }

  scalar(index: number): number {
    return this.context.scalar(this.argument(index), this.timeMs);
  }

  vector(index: number): Vector {
    return this.context.vector(this.argument(index), this.timeMs);
  }

  windows(index: number): RangeVector {
    return this.context.rangeVector(this.argument(index), this.timeMs);
  }

  string(index: number): string {
    const node = unparen(this.argument(index));
    return node.kind === 'string' ? node.value : '';
  }

  /** All arguments from an index on, which are strings. */
  strings(from: number): string[] {
    return this.node.args.slice(from).map((_arg, i) => this.string(from + i));
  }

  warn(message: string, index: number): void {
    this.context.annotations.warn(message, this.argument(index));
  }

  info(message: string, index: number): void {
    this.context.annotations.info(message, this.argument(index));
  }

  fail(message: string): never {
    return this.context.fail(message, this.node);
  }
}
