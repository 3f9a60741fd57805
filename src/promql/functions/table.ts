import type { FunctionRow } from './function-row.ts';
import { histogramFunctions } from './histograms.ts';
import { labelFunctions } from './labels.ts';
import { mathFunctions } from './math.ts';
import { overTimeFunctions } from './over-time.ts';
import { rateFunctions } from './rate.ts';
import { timeFunctions } from './time.ts';
import { trendFunctions } from './trend.ts';
import { vectorFunctions } from './vectors.ts';

/** Every function of the language by its name. A new one is a row in the file of its family. */
export const functionTable: ReadonlyMap<string, FunctionRow> = new Map(
  [
    ...mathFunctions,
    ...timeFunctions,
    ...rateFunctions,
    ...overTimeFunctions,
    ...trendFunctions,
    ...labelFunctions,
    ...vectorFunctions,
    ...histogramFunctions,
  ].map((row) => [row.name, row]),
);
