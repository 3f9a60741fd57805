import type { ParseOptions } from '../../src/promql/syntax/parser/parser.ts';

/** What Prometheus' own test suite switches on (promql/promqltest/test.go, TestParserOpts). */
export const ALL_FEATURES: ParseOptions = { experimental: true, unquotedUtf8Names: true };
