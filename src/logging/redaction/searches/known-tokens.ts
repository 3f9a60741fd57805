// Hot path: `tokenAt` where a word begins whose first two characters begin a token of the table.
import { codeAt } from '../code-at.ts';
import { PATH_STARTS } from './addresses.ts';
import { SENTENCE_STARTS } from './sentences.ts';
import { secretAt } from '../found.ts';

/**
 * Tokens that show by their shape alone what they are: what each begins with and what follows, anchored where the
 * prefix begins. Bounded, or ended by the first character that is none of the token's.
 */
const ROWS: readonly (readonly [starts: string, shape: RegExp])[] = [
  // Clouds
  ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((starts) => [starts, /[A-Z]{4}[0-9A-Z]{16}(?![\w/+])/y] as const),
  ['ABSK', /ABSK[\w+/=]{60,}/y],
  ['bedrock-api-key-', /bedrock-api-key-[\w+/=-]{40,}/y],
  ['AIza', /AIza[\w-]{30,}/y],
  ['ya29.', /ya29\.[\w-]{20,}/y],
  ['GOCSPX-', /GOCSPX-[\w-]{20,}/y],
  ['LTAI', /LTAI[0-9A-Za-z]{12,}/y],
  ['dop_v1_', /dop_v1_[0-9a-f]{40,}/y],
  ['doo_v1_', /doo_v1_[0-9a-f]{40,}/y],
  ['dor_v1_', /dor_v1_[0-9a-f]{40,}/y],
  ['HRKU-', /HRKU-[\w-]{30,}/y],
  ['vcp_', /vcp_\w{20,}/y],
  ['vercel_', /vercel_\w{24,}/y],
  ['nfp_', /nfp_\w{30,}/y],
  ['fo1_', /fo1_[\w-]{30,}/y],
  ['FlyV1', /FlyV1 [\w+/=,-]{40,}/y],
  ['v1.0-', /v1\.0-[0-9a-f]{24}-[0-9a-f]{100,}/y],
  ['scw', /scw[0-9A-Za-z]{17}(?!\w)/y],
  // Code and packages
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((starts) => [starts, /gh[pousr]_\w{30,}/y] as const),
  ['github_pat_', /github_pat_\w{20,}/y],
  ...[
    'glpat-',
    'gldt-',
    'glrt-',
    'glrtr-',
    'glptt-',
    'glcbt-',
    'glsoat-',
    'glft-',
    'glimt-',
    'glagent-',
    'glwt-',
    'glffct-',
  ].map((starts) => [starts, /gl[a-z]{2,6}-[\w.-]{16,}/y] as const),
  ['gloas-', /gloas-[\w-]{40,}/y],
  ['GR1348941', /GR1348941[\w-]{16,}/y],
  ['npm_', /npm_[0-9A-Za-z]{30,}/y],
  ['pypi-', /pypi-[\w-]{40,}/y],
  ['rubygems_', /rubygems_[0-9a-f]{40,}/y],
  ['cio', /cio[0-9A-Za-z]{32}(?!\w)/y],
  ['dckr_', /dckr_(?:pat|oat)_[\w-]{20,}/y],
  ['oy2', /oy2[0-9a-z]{43}(?!\w)/y],
  ['CCIPAT_', /CCIP(?:AT|RJ)_\w{40,}/y],
  ['bkua_', /bk(?:ua|aj)_[0-9a-f]{30,}/y],
  ['squ_', /sq[upa]_[0-9a-f]{40}/y],
  ['sqp_', /sqp_[0-9a-f]{40}/y],
  ['ATATT3', /ATATT3[\w=+/-]{60,}/y],
  ['ATBB', /ATBB[0-9A-Za-z]{24,}/y],
  ['ATCTT3', /ATCTT3[\w=+/-]{60,}/y],
  ['hvs.', /hv[sbr]\.[\w-]{20,}/y],
  ['hvb.', /hvb\.[\w-]{20,}/y],
  ['hvr.', /hvr\.[\w-]{20,}/y],
  ['pul-', /pul-[0-9a-f]{40}/y],
  ['dp.', /dp\.(?:pt|st|sa|ct|scim|audit)\.[\w.-]{30,}/y],
  ['ops_eyJ', /ops_eyJ[\w-]{60,}/y],
  ['AGE-SECRET-KEY-1', /AGE-SECRET-KEY-1[0-9A-Z]{40,}/y],
  ['lin_', /lin_(?:api|oauth)_\w{30,}/y],
  ['ntn_', /ntn_\w{40,}/y],
  ['secret_', /secret_[0-9A-Za-z]{40,}/y],
  ['figd_', /fig[dour]h?_[\w-]{36,}/y],
  ['PMAK-', /PMAK-[0-9a-f]{24}-[0-9a-f]{34}/y],
  ['pat', /pat[0-9A-Za-z]{14}\.[0-9a-f]{64}|pat-(?:na|eu)\d-[0-9a-f-]{36}/y],
  ['dapi', /dapi[0-9a-f]{32}(?:-\d)?(?!\w)/y],
  ['pscale_', /pscale_(?:pw|tkn|oauth)_[\w.-]{30,}/y],
  ['sbp_', /sbp_[0-9a-f]{40}/y],
  ['sb_secret_', /sb_secret_[\w-]{20,}/y],
  ['tfp_', /tfp_[\w-]{40,}/y],
  ['CFPAT-', /CFPAT-[\w-]{40,}/y],
  [
    'LS0t',
    /LS0tLS1CRUdJTi(?:BQUklWQVRF|BSU0EgUFJJVkFUR|BFQyBQUklWQVRF|BPUEVOU1NIIFBSSVZBVE|BFTkNSWVBURUQ)[\w+/=]{20,}/y,
  ],
  // Messages
  ...['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxo-', 'xoxc-', 'xoxd-', 'xoxe-', 'xoxe.'].map(
    (starts) => [starts, /xox[a-z][-.][\w%.-]{16,}/y] as const,
  ),
  ['xapp-', /xapp-\d-[\w-]{20,}/y],
  ['SG.', /SG\.[\w-]{16,}\.[\w-]{16,}/y],
  ['SK', /SK[0-9a-f]{32}(?!\w)/y],
  ['AC', /AC[0-9a-f]{32}(?!\w)/y],
  ['key-', /key-[0-9a-f]{32}(?!\w)/y],
  ['xkeysib-', /xkeysib-[\w-]{60,}/y],
  ['xsmtpsib-', /xsmtpsib-[\w-]{60,}/y],
  ['re_', /re_\w{6,12}_\w{20,}/y],
  ...['MT', 'Mj', 'Mz', 'ND', 'NT', 'Nj', 'Nz', 'OD', 'OT'].map(
    (starts) => [starts, /[MNO][0-9A-Za-z]{23,25}\.[\w-]{6}\.[\w-]{27,}/y] as const,
  ),
  // Payments and shops
  ...['sk_', 'rk_'].map((starts) => [starts, /[sr]k_(?:live|test|prod)_\w{10,}/y] as const),
  ['whsec_', /whsec_[\w+/=]{20,}/y],
  ['shpat_', /shp(?:at|ss|ca|pa|ua)_[0-9a-fA-F]{32}/y],
  ...['shpss_', 'shpca_', 'shppa_', 'shpua_'].map(
    (starts) => [starts, /shp(?:ss|ca|pa|ua)_[0-9a-fA-F]{32}/y] as const,
  ),
  ['sq0', /sq0(?:atp|csp|idp)-[\w-]{20,}/y],
  ['EAA', /EAA[0-9A-Za-z_-]{50,}/y],
  ['access_token$', /access_token\$\w{1,20}\$[0-9a-z]{10,}\$[0-9a-f]{32}/y],
  ['amzn.mws.', /amzn\.mws\.[0-9a-f-]{36}/y],
  // Models
  ['sk-', /sk-(?:[\w-]{32,}|[A-Za-z]{2,8}-[\w-]{12,}|[\w-]{20,})/y],
  ['hf_', /hf_[0-9A-Za-z]{20,}/y],
  ['r8_', /r8_\w{30,}/y],
  ['gsk_', /gsk_\w{40,}/y],
  ['pplx-', /pplx-\w{40,}/y],
  ['xai-', /xai-\w{60,}/y],
  ['nvapi-', /nvapi-[\w-]{40,}/y],
  ['tgp_v1_', /tgp_v1_[\w-]{30,}/y],
  ['lsv2_', /lsv2_(?:pt|sk)_[\w]{30,}/y],
  ['jina_', /jina_\w{40,}/y],
  ['pcsk_', /pcsk_\w{40,}/y],
  // Observability
  ['glsa_', /glsa_\w{30,}/y],
  ['glc_', /glc_[\w+/=]{32,}/y],
  ['eyJr', /eyJrIjoi[\w+/=]{40,}/y],
  ...['NRAK-', 'NRII-', 'NRIQ-', 'NRRA-'].map((starts) => [starts, /NR(?:AK|II|IQ|RA)-[\w-]{20,}/y] as const),
  ['sntryu_', /sntryu_[0-9a-f]{40,}/y],
  ['sntrys_', /sntrys_[\w+/=]{40,}/y],
  ['dt0c01.', /dt0[a-z]\d\d\.[0-9A-Z]{24}\.[0-9A-Z]{60,}/y],
  ['phc_', /ph[cx]_\w{30,}/y],
  ['phx_', /phx_\w{30,}/y],
  // JSON Web Tokens, signed, unsigned and encrypted
  ['eyJ', /eyJ[\w-]{6,}\.[\w.-]{3,}[\w-]/y],
];

/** First two characters of further searches, see `credentials.ts` and `addresses.ts`. */
const WORDS = ['be', 'Be', 'BE', 'ba', 'Ba', 'BA', ...PATH_STARTS, ...SENTENCE_STARTS];

interface Shape {
  readonly starts: string;
  readonly shape: RegExp;
}
/** By the first two characters. */
const byStart = new Map<number, Shape[]>();
const startBits = new Uint8Array(128 * 128);
for (const [starts, shape] of ROWS) {
  const start = starts.charCodeAt(0) * 128 + starts.charCodeAt(1);
  const list = byStart.get(start);
  if (list) list.push({ starts, shape });
  else byStart.set(start, [{ starts, shape }]);
  startBits[start] = 1;
}
// What else begins like this: schemes of `Authorization`, and words of a path.
for (const starts of WORDS) startBits[starts.charCodeAt(0) * 128 + Math.min(127, starts.charCodeAt(1))] = 1;

/** Whether a word of these first two characters may be or precede a secret; a look at one array. */
export function mayBegin(first: number, second: number): boolean {
  return startBits[first * 128 + (second < 128 ? second : 127)] === 1;
}

/** Whether a token of the table begins at `at`, which begins a word. */
export function tokenAt(text: string, at: number): boolean {
  const shapes = byStart.get(codeAt(text, at) * 128 + codeAt(text, at + 1));
  if (shapes === undefined) return false;
  for (const { starts, shape } of shapes) {
    if (!text.startsWith(starts, at)) continue;
    shape.lastIndex = at;
    if (shape.test(text)) return secretAt(at, shape.lastIndex);
  }
  return false;
}
