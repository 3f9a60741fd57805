import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlertUpdate } from '../../../../src/alerts/notifications/alert-update.ts';
import { renderHtml } from '../../../../src/alerts/notifications/mail/mail-html.ts';
import {
  cleanLine,
  cleanText,
  formatNumber,
  formatSpan,
  mailOfMessage,
  type MailModel,
} from '../../../../src/alerts/notifications/mail/mail-model.ts';
import { renderText } from '../../../../src/alerts/notifications/mail/mail-text.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 6, 15);

function alert(name: string, severity: string, annotations: Record<string, string> = {}): AlertUpdate {
  return {
    kind: 'firing',
    id: `${name} ${severity}`,
    name,
    labels: { severity, host: 'web-1', empty: '' },
    annotations,
    value: 0.123_456_789,
    activeAtMs: NOW_MS - 120_000,
    firedAtMs: NOW_MS - 60_000,
    evaluatedAtMs: NOW_MS,
    rule: { expr: 'a > 1\nand b < 2', forMs: 60_000, where: 'shop.yml:3:5' },
  };
}

function mailOf(firing: readonly AlertUpdate[], resolved: readonly AlertUpdate[] = []): MailModel {
  const message = {
    id: 'i',
    thread: 't',
    groupKeys: ['g'],
    reason: 'new',
    firing,
    resolved,
    dueMs: NOW_MS,
  } as const;
  return mailOfMessage(message, { service: 'shop', maxAlerts: 20, nowMs: NOW_MS });
}

test('both forms contain everything about an alert', () => {
  const annotations = {
    summary: 'Too many',
    description: 'line one\nline two',
    runbook_url: 'https://example.org/runbook?a=1&b=2',
    action: 'Restart it.',
    dashboard: 'd-17',
  };
  const mail = mailOf([alert('HighErrorRate', 'critical', annotations)]);
  const text = renderText(mail);
  assert.equal(
    text,
    [
      'FIRING: 1 alert is firing in shop',
      '',
      'Alert: HighErrorRate',
      'State: firing',
      'Severity: critical',
      'Description: line one',
      '    line two',
      'Summary: Too many',
      'Time: 2026-11-24 06:14:00 UTC',
      'Pending since: 2026-11-24 06:13:00 UTC',
      'Value: 0.123457',
      'Labels: host=web-1',
      'dashboard: d-17',
      'What to do: Restart it.',
      'Runbook: https://example.org/runbook?a=1&b=2',
      'Rule: a > 1',
      '    and b < 2 for 1m (shop.yml:3:5)',
      '',
    ].join('\n'),
  );
  const html = renderHtml(mail);
  for (const part of [
    'line one<br>line two',
    'Too many',
    '2026-11-24 06:13:00 UTC',
    '0.123457',
    'web-1',
    'd-17',
    'Restart it.',
    '<a href="https://example.org/runbook?a=1&amp;b=2"',
    'a &gt; 1<br>and b &lt; 2',
    'shop.yml:3:5',
    ' for 1m',
  ]) {
    assert.ok(html.includes(part), part);
  }
});

test('the most severe alert comes first and gives the colour; an end is green', () => {
  const mail = mailOf([alert('Slow', 'warning'), alert('Down', 'critical'), alert('Odd', 'strange')]);
  assert.deepEqual(
    mail.alerts.map(({ name }) => name),
    ['Down', 'Slow', 'Odd'],
  );
  assert.ok(renderHtml(mail).includes('background:#b42318'));
  const end = mailOf([], [{ ...alert('Down', 'critical'), kind: 'resolved', resolvedAtMs: NOW_MS }]);
  assert.equal(end.state, 'resolved');
  const html = renderHtml(end);
  assert.ok(html.includes('background:#067647'));
  assert.ok(!html.includes('background:#b42318'));
  assert.ok(renderText(end).includes('Resolved: 2026-11-24 06:15:00 UTC (after 1 min)'));
});

test('the subject names the alert, and counts further ones', () => {
  assert.equal(mailOf([alert('A', '')]).subject, 'Alert: A');
  assert.equal(mailOf([alert('A', ''), alert('A', 'x')]).subject, 'Alert: A');
  assert.equal(mailOf([alert('A', ''), alert('B', ''), alert('C', '')]).subject, 'Alert: A and 2 more');
});

test('only web addresses become links', () => {
  for (const address of ['javascript:alert(1)', 'data:text/html,x', 'not an address', '//example.org']) {
    const html = renderHtml(mailOf([alert('A', '', { runbook_url: address })]));
    assert.doesNotMatch(html, /<a /, address);
  }
});

test('the colours of bars and badges are readable: contrast of at least 4.5 to 1 with white', () => {
  const luminance = (hex: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return channel <= 0.039_28 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const firing = ['critical', 'error', 'warning', 'info', 'other'].map((severity) => alert('A', severity));
  const resolved = [{ ...alert('B', 'info'), kind: 'resolved', resolvedAtMs: NOW_MS } as const];
  const html = renderHtml(mailOf(firing, resolved));
  const colours = new Set(
    html.match(/background:#[0-9a-f]{6};color:#ffffff/g)?.map((found) => found.slice(11, 18)),
  );
  assert.ok(colours.size >= 5);
  for (const colour of colours) assert.ok(1.05 / (luminance(colour) + 0.05) >= 4.5, colour);
});

test('texts are cut, and control and direction characters do not get through', () => {
  assert.equal(cleanLine('a\r\nb\tc\u0000d\u202ee'), 'a b c�d�e');
  assert.equal(cleanText('a\r\nb\u001b[31m'), 'a\nb�[31m');
  assert.equal(cleanLine('x'.repeat(300)).length, 201);
  assert.equal(cleanText('x'.repeat(9000)).length, 4001);
  assert.equal(cleanText('\ud800'), '\ufffd');
});

test('numbers and spans as people read them', () => {
  assert.deepEqual([0.123_456_789, 1e9, 35, Number.NaN, Number.POSITIVE_INFINITY].map(formatNumber), [
    '0.123457',
    '1000000000',
    '35',
    'NaN',
    'Infinity',
  ]);
  assert.deepEqual([0, 45_000, 60_000, 75_000, 3_600_000, 7_500_000].map(formatSpan), [
    '0 s',
    '45 s',
    '1 min',
    '1 min 15 s',
    '1 h',
    '2 h 5 min',
  ]);
});
