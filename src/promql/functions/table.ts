import { signatures } from '../syntax/signatures.ts';
import type { AllFunctions, FunctionCode, FunctionRow } from './function-row.ts';
import { histogramFunctions } from './histograms.ts';
import { labelFunctions } from './labels.ts';
import { mathFunctions } from './math.ts';
import { overTimeFunctions } from './over-time.ts';
import { rateFunctions } from './rate.ts';
import { timeFunctions } from './time.ts';
import { trendFunctions } from './trend.ts';
import { vectorFunctions } from './vectors.ts';

/** The code of every signature; the compiler names one that has none. */
const code: AllFunctions = {
  ...mathFunctions,
  ...timeFunctions,
  ...rateFunctions,
  ...overTimeFunctions,
  ...trendFunctions,
  ...labelFunctions,
  ...vectorFunctions,
  ...histogramFunctions,
};

function rowOf([name, apply]: [string, FunctionCode]): [string, FunctionRow] {
  return [name, { name, ...signatures[name as keyof typeof signatures], ...apply }];
}

/** Every function of the language by its name. */
export const functionTable: ReadonlyMap<string, FunctionRow> = new Map(Object.entries(code).map(rowOf));
