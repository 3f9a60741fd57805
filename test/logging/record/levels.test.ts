import assert from 'node:assert/strict';
import test from 'node:test';
import { levelOfSeverity, toLevel } from '../../../src/logging/record/levels.ts';
import { severityNumbers } from '../../../src/logging/record/severity-numbers.ts';

test('the documented levels have the severity numbers of OpenTelemetry', () => {
  assert.deepEqual(severityNumbers, { DEBUG: 5, INFO: 9, WARNING: 13, ERROR: 17, CRITICAL: 21 });
});

test('a level is understood by name in any case and by the numbers of Python', () => {
  const understood: [unknown, string][] = [
    ['ERROR', 'ERROR'],
    ['error', 'ERROR'],
    ['Warn', 'WARNING'],
    ['fatal', 'CRITICAL'],
    ['trace', 'DEBUG'],
    [10, 'DEBUG'],
    [20, 'INFO'],
    [30, 'WARNING'],
    [40, 'ERROR'],
    [50, 'CRITICAL'],
  ];
  for (const [input, level] of understood) assert.equal(toLevel(input), level, String(input));
});

test('a number between two levels is the lower one, and nonsense is INFO', () => {
  assert.equal(toLevel(25), 'INFO');
  assert.equal(toLevel(0), 'DEBUG');
  assert.equal(toLevel(1000), 'CRITICAL');
  for (const nonsense of ['loud', Number.NaN, undefined, null, {}]) assert.equal(toLevel(nonsense), 'INFO');
});

test('severity numbers of other loggers map to the level whose range they are in', () => {
  const ranges: [number | undefined, string][] = [
    [undefined, 'INFO'],
    [0, 'INFO'],
    [1, 'DEBUG'],
    [8, 'DEBUG'],
    [9, 'INFO'],
    [12, 'INFO'],
    [13, 'WARNING'],
    [16, 'WARNING'],
    [17, 'ERROR'],
    [20, 'ERROR'],
    [21, 'CRITICAL'],
    [24, 'CRITICAL'],
  ];
  for (const [severity, level] of ranges) assert.equal(levelOfSeverity(severity), level, String(severity));
});
