import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutCredentials } from '../../src/address/masked.ts';
import { parseValue } from '../../src/config/parse-value.ts';
import { settingRows } from '../../src/config/settings.ts';
import type { SettingType } from '../../src/config/setting.ts';
import { redactText } from '../../src/logging/redaction/redact-text.ts';
import { queryType } from '../../src/metrics/query-type.ts';
import { Matcher } from '../../src/promql/syntax/matchers/matcher.ts';
import { readTextFormat } from '../../src/samples/text-format.ts';
import { bestCpuMs } from '../helpers/cpu-ms.ts';

const FACTOR = 16;

/**
 * Sixteen times the length takes about sixteen times the CPU; quadratic would be 256 times. The 25 milliseconds are for
 * what the clock and the machine add: quadratic would take seconds.
 */
function assertLinear(read: (text: string) => unknown, seed: string, prefix = '', length = 8192): void {
  const cpuOf = (chars: number): number => {
    const text = prefix + seed.repeat(Math.ceil(chars / seed.length));
    return bestCpuMs(() => read(text));
  };
  const [short, long] = [cpuOf(length), cpuOf(FACTOR * length)];
  assert.ok(long < 40 * short + 25, `${seed}: ${short.toFixed(2)} ms, then ${long.toFixed(2)} ms`);
}

test('redaction is linear in the length of a text, for the beginnings of all that it looks for', () => {
  const seeds = [
    'eyJ eyJ- eyJa. sk- ghp_ xoxb- AIza npm_ EAA pat MTa. v1.0- access_token$ sntrys_ SG.a .atlasv1. ~ -us1 :AA',
    'bearer basic Bearer:a Basic:a -----BEGIN -----BEGIN:PRIVATE:KEY----- PRIVATE',
    ':// ://a ://a:b ://a:b/ ://@ ://a:b? @ @tcp( a:b@tcp( /reset/ /reset/a /webhooks/ services/T',
    '1: 4 4: 41 4111: 4111- 811228 811228- 811228-1 1981-12-28- 131052-308 123-45-',
    'token token= token=a, token=a& token=a; token: token:: password:[ password:{ password:{" password:" password=\\" \\"password\\":',
    '"password", \'authorization\',\' name="password" name="password"value=" &quot;password&quot;:&quot; <password> <password>a < > --password --password:a -p -u',
    'password:is password:for password:for:a: password( PASSWORD(\' token:aaaaaaaaaaaaaaaaaaaaB1 name:password name:password\nvalue: <a:b=""> <password><![CDATA[ //a:b@ //a:@ "%22%3A%22 password%22%3A%22 \\u0022password\\u0022:\\u0022 -password:a password:\n -> password->a **password**: password[]=',
    'Cookie: cookie:a cookie:a= pass=a pass=pass pass: auth=auth ?key=key ?sig=a?sig=a key%3D pass:\u2003pass',
    '?token= ?key=a %3D token%3D %253D ?a &a=b ＝ ： lösenord： api:key: mot:de:passe: { [ } ] ( ) \\ \\\\" \' " ` , ; & = = : % - / . _',
  ]
    .flatMap((line) => line.split(' '))
    .flatMap((seed) => [seed, `${seed.replaceAll(':', ' ')} `]);
  for (const seed of seeds.filter((one) => one.trim() !== '')) assertLinear(redactText, seed, 'password=');
});

test('the type of a query is read in time linear in its length', () => {
  for (const seed of [' ', '(', '/*', '/**/', '--\n', '-- ', 'A']) assertLinear(queryType, seed);
  for (const seed of ['(', "'", '/*', 'a', '*/']) assertLinear(queryType, seed, 'WITH ');
});

test('settings are read in time linear in their length', () => {
  const types = new Map(
    Object.values(settingRows as Record<string, { type: SettingType }>).map(({ type }) => [type.kind, type]),
  );
  for (const type of types.values()) {
    const read = (text: string): unknown => parseValue(text, type);
    for (const seed of ['9', ' ', ',', '%41', 'a=%41,']) assertLinear(read, seed, '1');
  }
});

test('credentials are masked in time linear in the length of the text', () => {
  for (const seed of ['//', '//a', '?=', '//@', '?a=)', '//x?a&', ')'])
    assertLinear(withoutCredentials, seed);
});

test('a page of metrics is read in time linear in its length', () => {
  assertLinear(readTextFormat, 'x="y",', 'a{');
  assertLinear(readTextFormat, '\\', 'a{b="');
});

test('no pattern hangs: the classic exponential ones answer within a second', () => {
  const value = `${'a'.repeat(5000)}!`;
  for (const pattern of ['(a+)+', '(a|aa)+', '(a|a?)+', '(.*a){20}', '([a-z]+)*x', '(a*)*b']) {
    const matcher = new Matcher('a', '=~', pattern);
    const took = bestCpuMs(() => assert.equal(matcher.matches(value), false), 1);
    assert.ok(took < 1000, `${pattern}: ${took} ms`);
  }
});
