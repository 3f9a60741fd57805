import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { array, assert as check, constantFrom, oneof, property, string as anyText } from 'fast-check';
import {
  compileTemplate,
  type TemplateContext,
  TemplateError,
} from '../../../../src/alerts/rules/templates/template.ts';

const NOTHING = 'no_such_metric';

const context: TemplateContext = {
  nowMs: 1_353_755_652_000,
  externalUrl: 'http://monitor.example.org:9090/path/prefix',
  query(expr) {
    if (expr === NOTHING) return [];
    if (expr.startsWith('!')) throw new Error(`cannot evaluate ${expr}`);
    return [
      { Labels: { __name__: 'metric', instance: 'b', __value__: 'b!' }, Value: 21 },
      { Labels: { __name__: 'metric', instance: 'a' }, Value: 11.5 },
    ];
  },
};
const data = {
  labels: { instance: 'web:80', job: 'api' },
  externalLabels: { region: 'eu' },
  value: 1_234_567,
};

const expand = (text: string, value = data.value): string =>
  compileTemplate(text).expand({ ...data, value }, context);

type Case = readonly [text: string, output: string];

function cases(name: string, list: readonly Case[]): void {
  test(name, () => {
    for (const [text, output] of list) assert.equal(expand(text), output, text);
  });
}

describe('what a template is expanded to', () => {
  cases('text and constants', [
    ['', ''],
    ['plain text', 'plain text'],
    ['} } { {', '} } { {'],
    ['{{ 1 }} {{ -7 }} {{ 0x1F }} {{ 1_000 }} {{ 017 }}', '1 -7 31 1000 15'],
    ['{{ 1.5 }} {{ 1e3 }} {{ .5 }}', '1.5 1000 0.5'],
    ['{{ "a\\"b\\n\\u00e4\\x41" }}', 'a"b\näA'],
    ['{{ `raw \\n` }}', 'raw \\n'],
    ["{{ 'a' }}", '97'],
    ['{{ true }} {{ false }}', 'true false'],
  ]);

  cases('the value, the labels and where the monitor is', [
    ['{{ $value }} {{ .Value }}', '1.234567e+06 1.234567e+06'],
    ['{{ $labels.instance }} {{ .Labels.job }}', 'web:80 api'],
    ['[{{ $labels.none }}]', '[]'],
    ['{{ $externalLabels.region }} {{ .ExternalLabels.region }}', 'eu eu'],
    ['{{ externalURL }} {{ $externalURL }} {{ .ExternalURL }}', Array(3).fill(context.externalUrl).join(' ')],
    ['{{ pathPrefix }}', '/path/prefix'],
    ['{{ $labels }}', 'map[instance:web:80 job:api]'],
  ]);

  cases('floats as Go prints them', [
    ['{{ 0.0 }} {{ 100000.0 }} {{ 1000000.0 }} {{ 123456789.5 }}', '0 100000 1e+06 1.234567895e+08'],
    ['{{ 0.0001 }} {{ 0.00001 }} {{ 1e-7 }} {{ -2.5 }}', '0.0001 1e-05 1e-07 -2.5'],
    ['{{ now }}', '1.353755652e+09'],
  ]);

  cases('space beside an action is trimmed where asked', [
    ['a  {{- 1 -}}  b', 'a1b'],
    ['a {{- /* nothing */ -}} b', 'ab'],
    ['a{{/* nothing */}}b', 'ab'],
    ['x\n{{- 3 }}\ny', 'x3\ny'],
    ['{{ -3 }}', '-3'],
  ]);

  cases('if, with, range, break and continue', [
    ['{{ if true }}y{{ else }}n{{ end }}', 'y'],
    ['{{ if "" }}a{{ else if 0 }}b{{ else if 1 }}c{{ else }}d{{ end }}', 'c'],
    ['{{ with $labels.job }}<{{ . }}>{{ else }}none{{ end }}', '<api>'],
    ['{{ with $labels.none }}<{{ . }}>{{ else with "x" }}{{ . }}{{ end }}', 'x'],
    ['{{ with $labels.none }}x{{ else }}none{{ end }}', 'none'],
    ['{{ range query "m" }}{{ .Labels.instance }}={{ .Value }};{{ end }}', 'b=21;a=11.5;'],
    ['{{ range $i, $s := query "m" }}{{ $i }}{{ $s.Labels.instance }}{{ end }}', '0b1a'],
    ['{{ range $k, $v := $labels }}{{ $k }}={{ $v }} {{ end }}', 'instance=web:80 job=api '],
    [`{{ range query "${NOTHING}" }}x{{ else }}empty{{ end }}`, 'empty'],
    ['{{ range 3 }}{{ . }}{{ end }}', '012'],
    ['{{ range $i, $s := query "m" }}{{ if $i }}{{ break }}{{ end }}{{ $i }}{{ end }}', '0'],
    ['{{ range $i, $s := query "m" }}{{ if not $i }}{{ continue }}{{ end }}{{ $i }}{{ end }}', '1'],
  ]);

  cases('variables', [
    ['{{ $x := 5 }}{{ $x }}', '5'],
    ['{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}', '2'],
    ['{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}', '21'],
    ['{{ with $x := "a" }}{{ $x }}{{ end }}', 'a'],
    ['{{ $.Value }}', '1.234567e+06'],
  ]);

  cases('define, template and block', [
    ['{{ define "x" }}{{ .arg0 }}-{{ .arg1 }}{{ end }}{{ template "x" (args 1 "2") }}', '1-2'],
    ['{{ define "x" }}[{{ . }}]{{ end }}{{ template "x" }}', '[<no value>]'],
    ['{{ define "x" }}{{ .arg7 }}{{ end }}{{ template "x" (args) }}', '<no value>'],
    ['{{ block "b" 7 }}<{{ . }}>{{ end }}{{ template "b" 8 }}', '<7><8>'],
  ]);

  cases('pipelines and parentheses', [
    ['{{ query "m" | first | value }}', '21'],
    ['{{ query "m" | first | label "instance" }}', 'b'],
    ['{{ query "m" | first | label "none" }}', ''],
    ['{{ query "m" | first | strvalue }}', 'b!'],
    ['{{ range query "m" | sortByLabel "instance" }}{{ .Labels.instance }}{{ end }}', 'ab'],
    ['{{ (query "m" | first).Value }}', '21'],
    ['{{ $x := query "m" | first }}{{ $x.Labels.none }}|', '|'],
    ['{{ "a" | printf "%s-%s" "b" }}', 'b-a'],
  ]);

  cases('humanize and its relatives', [
    [
      '{{ humanize 0.0 }}:{{ humanize 1 }}:{{ humanize 1234567.0 }}:{{ humanize .12 }}:{{ humanize "1234567.0" }}',
      '0:1:1.235M:120m:1.235M',
    ],
    ['{{ humanize -1 }}:{{ humanize 9223372036854775807 }}', '-1:9.223E'],
    ['{{ humanize1024 1048576.0 }}:{{ humanize1024 .12 }}:{{ humanize1024 1234567 }}', '1Mi:0.12:1.177Mi'],
    [
      '{{ humanizeDuration 0 }}:{{ humanizeDuration 1 }}:{{ humanizeDuration 60 }}:{{ humanizeDuration 3600 }}:{{ humanizeDuration 90000 }}',
      '0s:1s:1m 0s:1h 0m 0s:1d 1h 0m 0s',
    ],
    [
      '{{ humanizeDuration -183845 }}:{{ humanizeDuration 899.99 }}:{{ humanizeDuration .1 }}:{{ humanizeDuration .0001 }}',
      '-2d 3h 4m 5s:14m 59s:100ms:100us',
    ],
    [
      '{{ humanizeDuration .12345 }}:{{ humanizeDuration 60.5 }}:{{ humanizeDuration 1.2345 }}:{{ humanizeDuration 12.345 }}',
      '123.5ms:1m 0s:1.234s:12.35s',
    ],
    [
      '{{ humanizePercentage -0.22222 }}:{{ humanizePercentage 0.0 }}:{{ humanizePercentage 0.1234567 }}:{{ humanizePercentage 1.23456 }}',
      '-22.22%:0%:12.35%:123.5%',
    ],
    ['{{ humanizePercentage 1234567 }}', '1.235e+08%'],
    ['{{ humanizeTimestamp 1435065584.128 }}', '2015-06-23 13:19:44.128 +0000 UTC'],
    ['{{ humanizeTimestamp "-1" }}', '1969-12-31 23:59:59 +0000 UTC'],
    [
      '{{ humanize "+Inf" }}:{{ humanize1024 "-Inf" }}:{{ humanizeDuration "NaN" }}:{{ humanizeTimestamp "+Inf" }}',
      '+Inf:-Inf:NaN:+Inf',
    ],
  ]);

  cases('times and durations', [
    ['{{ (1435065584.128 | toTime).Format "2006-01-02 15:04:05" }}', '2015-06-23 13:19:44'],
    ['{{ (toTime 1435065584).Format "Mon, 2 Jan 06 03:04 PM MST" }}', 'Tue, 23 Jun 15 01:19 PM UTC'],
    ['{{ (toTime 1435065584).Unix }}', '1435065584'],
    ['{{ toDuration 3723.5 }} {{ toDuration 0.15 }} {{ toDuration 0 }}', '1h2m3.5s 150ms 0s'],
    ['{{ printf "%.2f" (parseDuration "1h2m10ms") }}', '3720.01'],
  ]);

  cases('texts', [
    ['{{ title "aa bb CC" }}|{{ toUpper "aa Bb" }}|{{ toLower "aA bB" }}', 'Aa Bb CC|AA BB|aa bb'],
    ['{{ match "a+" "aa" }} {{ match "a+" "b" }} {{ match "(?i)A" "a" }}', 'true false true'],
    ['{{ reReplaceAll "(a)b" "x$1" "ab" }} {{ reReplaceAll "[0-9]+" "#" "a1b22" }}', 'xa a#b#'],
    [
      '{{ stripPort "foo.example.com:123" }} {{ stripPort "192.0.2.1" }} {{ stripPort "[2001:DB8::1]:1" }} {{ stripPort "2001:DB8::1" }}',
      'foo.example.com 192.0.2.1 2001:DB8::1 2001:DB8::1',
    ],
    [
      '{{ stripDomain "foo.example.com" }} {{ stripDomain "foo.example.com:80" }} {{ stripDomain "192.0.2.1:80" }}',
      'foo foo:80 192.0.2.1:80',
    ],
    ['{{ urlQueryEscape "a b&c" }} {{ urlquery "ä" }}', 'a+b%26c %C3%A4'],
    [
      '{{ graphLink "up == 0" }} {{ tableLink "up" }}',
      '/graph?g0.expr=up+%3D%3D+0&g0.tab=0 /graph?g0.expr=up&g0.tab=1',
    ],
    ['{{ html "<a href=\'b\'>&" }} {{ safeHtml "<b>" }}', '&lt;a href=&#39;b&#39;&gt;&amp; <b>'],
  ]);

  cases('Go’s own functions', [
    ['{{ len "äb" }} {{ len $labels }} {{ len (query "m") }}', '3 2 2'],
    ['{{ index $labels "job" }}[{{ index $labels "none" }}] {{ (index (query "m") 1).Value }}', 'api[] 11.5'],
    ['{{ slice "abcdef" 1 3 }}', 'bc'],
    ['{{ and 1 0 2 }} {{ and 1 2 }} {{ or 0 "" 3 }} {{ or 0 "" }}| {{ not 0 }}', '0 2 3 | true'],
    ['{{ or true (query "!never evaluated") }}', 'true'],
    [
      '{{ eq 1 1 }} {{ eq "a" "b" "a" }} {{ ne 1.5 2.5 }} {{ lt 1 2 }} {{ le 2 2 }} {{ gt "b" "a" }} {{ ge 1.0 2.0 }}',
      'true true true true true true false',
    ],
    ['{{ if gt $value 1000.0 }}high{{ end }}', 'high'],
    ['{{ print "a" 1 2 "b" }} {{ println "a" 1 }}', 'a1 2b a 1\n'],
    [
      '{{ printf "%d|%5d|%-5d|%05d|%x|%q|%v|%t|%%" 42 42 42 42 255 "a" 1.5 true }}',
      '42|   42|42   |00042|ff|"a"|1.5|true|%',
    ],
    [
      '{{ printf "%.1f|%6.2f|%e|%g|%.3g|%s" 3.14159 3.14159 314.0 0.5 1234.5 "x" }}',
      '3.1|  3.14|3.140000e+02|0.5|1.23e+03|x',
    ],
    [
      '{{ printf "%d" "x" }} {{ printf "%d" }} {{ printf "a" 1 }}',
      '%!d(string=x) %!d(MISSING) a%!(EXTRA int=1)',
    ],
  ]);
});

describe('a failure becomes a text with the location', () => {
  const failing: readonly Case[] = [
    ['{{ .Foo }}', "1:4: can't evaluate field Foo in type struct"],
    [
      `{{ query "${NOTHING}" | first }}`,
      '1:29: error calling first: first() called on vector with no elements',
    ],
    ['{{ (query "m").banana }}', "1:4: can't evaluate field banana in type list"],
    ['{{ query "!" }}', '1:4: error calling query: cannot evaluate !'],
    ['{{ gt $value 5 }}', '1:4: error calling gt: incompatible types for comparison: float64 and int'],
    ['{{ humanize "one" }}', '1:4: error calling humanize: parsing "one": invalid syntax'],
    ['{{ humanize }}', '1:4: wrong number of args for humanize: want 1 got 0'],
    [
      '{{ humanizeTimestamp 1e300 }}',
      '1:4: error calling humanizeTimestamp: 1e+300 cannot be represented as a nanoseconds timestamp',
    ],
    ['{{ parseDuration "5 m" }}', '1:4: error calling parseDuration: not a valid duration string: "5 m"'],
    ['{{ template "none" }}', '1:4: template "none" not defined'],
    ['{{ range 1.5 }}{{ end }}', "1:4: range can't iterate over 1.5"],
    ['a\n b{{ index "x" 1 }}', '2:6: error calling index: wrong type: expected a map or a list, got string'],
    ['{{ "x" 1 }}', "1:4: can't give argument to non-function constant"],
    ['{{ nil }}', '1:4: nil is not a command'],
  ];
  for (const [text, message] of failing) {
    test(text, () => {
      assert.equal(expand(text), `<error expanding template: ${message}>`);
    });
  }

  test('templates that would not end, or grow without bound', () => {
    assert.match(
      expand('{{ define "x" }}{{ template "x" }}{{ end }}{{ template "x" }}'),
      /more than 50 templates/,
    );
    assert.match(expand('{{ range 99999 }}{{ range 99999 }}{{ end }}{{ end }}'), /more than 100000 steps/);
    assert.match(expand('{{ range 9000 }}0123456789{{ end }}'), /more than 65536 characters/);
    assert.match(expand('{{ range 100001 }}{{ end }}'), /range can't iterate/);
    assert.match(expand('{{ printf "%900000d" 1 }}'), /more than 65536 characters/);
    assert.match(expand('{{ printf "%.900000f" 1.5 }}'), /more than 65536 characters/);
    const tenfold = (body: string): string =>
      `{{ $x := "0123456789" }}{{ range 60 }}${body}{{ end }}{{ len $x }}`;
    assert.match(expand(tenfold('{{ $x = print $x $x }}')), /more than 65536 characters/);
    assert.match(expand(tenfold('{{ $x = html (printf "%s%s" $x $x) }}')), /more than 65536 characters/);
    assert.match(expand(tenfold('{{ $x = reReplaceAll "." $x $x }}')), /more than 65536 characters/);
    assert.match(
      expand('{{ $x := args 1 2 }}{{ range 60 }}{{ $x = args $x $x }}{{ end }}{{ $x }}'),
      /more than 65536 characters/,
    );
    assert.match(
      expand('{{ $x := printf "%60000d" 1 }}{{ range 99999 }}{{ $y := toUpper $x }}{{ end }}'),
      /more than 100000 steps/,
    );
    assert.match(expand('{{ match "(a{1000}){1000}" "a" }}'), /expression too large/);
  });

  test('a template ends when the time for the templates of its rule is over', () => {
    let calls = 0;
    const checkTime = (): void => {
      if (++calls > 10) throw new Error('the templates of the rule take too long');
    };
    const template = compileTemplate('{{ range 1000 }}{{ toUpper "a" }}{{ end }}');
    const text = template.expand({ ...data, value: 1 }, { ...context, checkTime });
    assert.match(text, /error calling toUpper: the templates of the rule take too long/);
  });
});

describe('what cannot be parsed is refused when the rule is loaded', () => {
  const wrong: readonly (readonly [string, number, number, RegExp])[] = [
    ['{{', 1, 1, /unclosed action/],
    ['a {{ 1', 1, 3, /unclosed action/],
    ['{{ }}', 1, 4, /missing value for command/],
    ['{{ frob 1 }}', 1, 4, /function "frob" not defined/],
    ['{{ $x }}', 1, 4, /undefined variable "\$x"/],
    ['{{ $x = 1 }}', 1, 7, /undefined variable "\$x"/],
    ['{{ if true }}x', 1, 15, /unexpected end of text in if/],
    ['x\n {{ end }}', 2, 11, /unexpected \{\{end\}\}/],
    ['{{ else }}', 1, 8, /unexpected \{\{else\}\}/],
    ['{{ "a }}', 1, 4, /unterminated quoted string/],
    ['{{ (1 }}', 1, 7, /unclosed left paren/],
    ['{{ 1) }}', 1, 5, /unexpected right paren/],
    ['{{ 1 | 2 }}', 1, 8, /non executable command in pipeline/],
    ['{{ "m" | }}', 1, 10, /missing value for command/],
    ['{{/* open', 1, 1, /unclosed comment/],
    ['{{ break }}', 1, 4, /\{\{break\}\} outside \{\{range\}\}/],
    ['{{ 1x }}', 1, 4, /bad number syntax/],
    ['{{ 9223372036854775808 }}', 1, 4, /bad number syntax/],
    ['{{ \u00a0 }}', 1, 4, /unexpected .* in action/],
    ['{{ "\\y" }}', 1, 4, /unknown escape/],
    ['{{ if true }}'.repeat(101), 1, 1304, /too deeply nested/],
    [`{{ ${'('.repeat(200)}`, 1, 1, /unclosed action/],
    [`{{ ${'('.repeat(200)}1${')'.repeat(200)} }}`, 1, 104, /too deeply nested/],
  ];
  for (const [text, line, column, message] of wrong) {
    test(text.slice(0, 40), () => {
      assert.throws(
        () => compileTemplate(text),
        (error: unknown) => {
          assert.ok(error instanceof TemplateError);
          assert.match(error.message, message);
          assert.deepEqual([error.line, error.column], [line, column]);
          return true;
        },
      );
    });
  }
});

test('whatever a template holds, it ends in a text or in an error with a position', () => {
  const words = [
    '{{',
    '}}',
    '{{-',
    '-}}',
    ' ',
    '.',
    '$',
    '$value',
    '$labels',
    '.Labels',
    '(',
    ')',
    '|',
    ':=',
    '=',
    ',',
    '"a"',
    '`b`',
    '1',
    '2.5',
    'if',
    'else',
    'end',
    'range',
    'with',
    'define',
    'template',
    'block',
    'break',
    'query',
    'first',
    'printf',
    'humanize',
    'index',
    'eq',
    'args',
    '"%d"',
    '\n',
    'x',
    '/*',
    '*/',
  ];
  const text = oneof(
    array(constantFrom(...words), { maxLength: 25 }).map((parts) => parts.join('')),
    array(constantFrom(...words), { maxLength: 12 }).map((parts) => `{{${parts.join(' ')}}}`),
    anyText(),
  );
  check(
    property(text, (source) => {
      try {
        assert.equal(typeof expand(source), 'string');
      } catch (error) {
        assert.ok(error instanceof TemplateError, String(error));
        assert.ok(error.line >= 1 && error.column >= 1);
      }
    }),
    { numRuns: 5000, seed: 11 },
  );
});
