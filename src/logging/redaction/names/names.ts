// Hot path: `nameClass` once for each name that ends like one in the table; the answers are kept.

import { codeAt } from '../code-at.ts';

/** How sure a name makes it that its value is a secret; the higher, the surer. */
export const NameClass = {
  none: 0,
  /** Only in the query of an address, and only a long random value: `?code=`, `?key=`, `?sig=`. */
  query: 1,
  /** A value that looks made up by a machine or for a login: `auth`, `session`, `pass`. */
  hint: 2,
  /** All but counts and ordinary words: `token`, `access_token`. */
  token: 3,
  /** All but ordinary words: `password`, `api_key`. */
  secret: 4,
  /** As `secret`; in a text the value is the rest of the line. */
  cookie: 5,
  /** As `secret`; in a text a scheme such as `Bearer` comes first. */
  authorization: 6,
} as const;
export type NameClass = (typeof NameClass)[keyof typeof NameClass];

interface NameRow {
  readonly is: NameClass;
  /** `whole`: the name, or its last segment after a dot. `word`: its last word. `ending`: whatever comes before. */
  readonly as: 'whole' | 'word' | 'ending';
  readonly names: string;
}

/** Names in lower case without blanks, dots, `_` and `-`. The first row that fits decides. */
const ROWS: readonly NameRow[] = [
  {
    is: NameClass.none,
    as: 'ending',
    names: `maxtoken mintoken inputtoken outputtoken prompttoken completiontoken totaltoken numtoken pertoken usedtoken cachedtoken reasoningtoken
      pullsecrets pullsecret pagetoken nexttoken continuationtoken cancellationtoken canceltoken unexpectedtoken
      maxtokens mintokens inputtokens outputtokens prompttokens completiontokens totaltokens numtokens pertokens usedtokens cachedtokens reasoningtokens`,
  },
  {
    is: NameClass.secret,
    as: 'ending',
    names: `password passwords passwd passphrase passcode passwrd passwort passwörter kennwort lösenord losenord losen contraseña contrasena contrasenya motdepasse wachtwoord
      palavrapasse hasło haslo heslo jelszó jelszo şifre sifre salasana passord adgangskode kodeord lykilorð parool salasõna geslo lozinka zaporka slaptažodis
      пароль пароли парола лозинка κωδικόςπρόσβασης 密码 密碼 パスワード 비밀번호 암호 mậtkhẩu matkhau סיסמה סיסמא รหัสผ่าน पासवर्ड كلمةالمرور كلمةالسر katasandi
      secret secrets apikey apikeys privatekey secretkey secretkeybase accesskey accesskeyid signingkey encryptionkey decryptionkey masterkey sharedkey accountkey
      subscriptionkey hmackey sshkey authkey sessionkey licensekey licencekey storagekey servicekey deploykey consumerkey functionskey
      credential credentials creds connectionstring connstr connectionuri securitycode cardnumber cardno creditcard creditcardnumber ccnumber kortnummer kreditkort
      personnummer personalnumber personalidentitynumber socialsecuritynumber nationalid nationalidnumber fodselsnummer fødselsnummer henkilötunnus
      pswd psw storepass keypass connectionstrings mnemonic seedphrase recoveryphrase pinkod kodord personnr persnr nationalinsurancenumber cprnumber
      passportnumber passportno taxid taxnumber ccnum cardnum primaryaccountnumber cvvcode cvccode appkey applicationkey clientkey tlskey sslkey gpgkey pgpkey pemkey rsakey
      twofactorcode 2facode backupcodes recoverycodes securityanswer secretanswer contrasenia motpasse pwd
      mfacode otpcode pincode smscode totpcode recoverycode backupcode verificationcode phpsessid jsessionid sessionid sessid sharedaccesssignature`,
  },
  { is: NameClass.secret, as: 'word', names: 'cvv cvc ssn pnr otp totp dsn mdp jwt bearer privkey' },
  {
    is: NameClass.secret,
    as: 'whole',
    names:
      'pin userpin cardpin pw dbpass dbpw rootpw senha parola connectsid nino cpf pesel bsn cpr hetu senhausuario',
  },
  { is: NameClass.cookie, as: 'ending', names: 'cookie setcookie cookies' },
  { is: NameClass.authorization, as: 'ending', names: 'authorization' },
  { is: NameClass.token, as: 'ending', names: 'token' },
  {
    is: NameClass.token,
    as: 'ending',
    names: 'accesstokens refreshtokens apitokens authtokens sessiontokens personaltokens',
  },
  { is: NameClass.token, as: 'whole', names: 'tokens pan pins csrf xsrf csrfmiddlewaretoken' },
  {
    is: NameClass.hint,
    as: 'whole',
    names: 'auth session sid pass pw senha ticket nip hmac clave parole kata',
  },
  { is: NameClass.hint, as: 'word', names: 'auth pass pw sid session pin ticket senha parola' },
  {
    is: NameClass.query,
    as: 'word',
    names: 'code key sig signature state assertion samlresponse samlrequest hash verifier hdnea policy',
  },
];

/** Ends that leave the meaning as it is: `password_confirmation`, `privateKeyPem`, `token2`. */
const QUALIFIER =
  /(?:confirmation|confirm|salt|text|input|box|data|repeated|repeat|again|hashed|hash|pem|value|plaintext|plain|raw|b64|base64|encoded|header|\d{1,3})$/;
/** Words before `pass` that make it a password. */
const PASS_OF =
  /^(?:db|database|smtp|mysql|pg|postgres|redis|mail|email|imap|ftp|sftp|ssh|user|admin|root|login|auth|http|proxy|ldap|api|app|service|account|rabbitmq|amqp|mongo|elastic|wifi|my|basic|sudo|zip)pass$/;

const byEnding = new Map<string, NameClass>();
const byWhole = new Map<string, NameClass>();
const byWord = new Map<string, NameClass>();
/** The last three characters of all names, one bit each, those beyond ASCII as one character; names of two fit any. */
const lastThree = new Uint8Array(128 * 128 * 2);
let longest = 0;

const lower = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code < 128 ? code : 127);
/** Mixed into 15 bits. */
const mix = (first: number, second: number, third: number): number =>
  ((lower(first) * 31) ^ (lower(second) << 8) ^ lower(third)) & 0x7fff;
const mark = (name: string): void => {
  const [third, second, first] = [
    name.charCodeAt(name.length - 1),
    name.charCodeAt(name.length - 2),
    name.charCodeAt(name.length - 3),
  ];
  if (name.length > 2) lastThree[mix(first, second, third)] = 1;
  else for (let any = 0; any < 128; any++) lastThree[mix(any, second, third)] = 1;
};

for (const { is, as, names } of ROWS) {
  const target = as === 'ending' ? byEnding : as === 'whole' ? byWhole : byWord;
  for (const name of names.split(/\s+/)) {
    if (!target.has(name)) target.set(name, is);
    if (as === 'ending') longest = Math.max(longest, name.length);
    mark(name);
  }
}
for (const end of ['confirmation', 'confirm', 'repeat', 'hash', 'pem', 'passe', 'value']) mark(end);

/** Whether the name whose last character is at `last` may be in the table; a look at one array. */
export function mayBeSecret(text: string, last: number): boolean {
  if (last < 1) return false;
  let before = last > 1 ? codeAt(text, last - 2) : 0;
  // A separator before the last two: `session_id`, `api key`.
  if (before === 95 || before === 45 || before === 32 || before === 46)
    before = last > 2 ? codeAt(text, last - 3) : 0;
  return lastThree[mix(before, codeAt(text, last - 1), codeAt(text, last))] === 1;
}

function ofEnding(joined: string): NameClass | undefined {
  for (let length = Math.min(longest, joined.length); length > 1; length--) {
    const is = byEnding.get(joined.slice(-length));
    if (is !== undefined) return is;
  }
  return undefined;
}

const WORD_BREAK = /([\p{Ll}\d])(?=\p{Lu})/gu;
const BETWEEN_WORDS = /[\s_\-.$[\]]+/u;

function classify(name: string): NameClass {
  const words = name.normalize('NFC').replaceAll(WORD_BREAK, '$1_').toLowerCase().split(BETWEEN_WORDS);
  while (words.length > 0 && (words.at(-1) === '' || /^\d{1,3}$/.test(words.at(-1) ?? ''))) words.pop();
  const segment = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  let joined = words.join('');
  let least: NameClass = NameClass.none;
  for (let strip = 0; strip < 3; strip++) {
    const whole = strip === 0 ? segment.replaceAll(/[\s_\-$[\]]/g, '') : joined;
    const is =
      byWhole.get(joined) ??
      byWhole.get(whole) ??
      ofEnding(joined) ??
      (PASS_OF.test(joined) ? NameClass.secret : byWord.get((words.at(-1) ?? '').replace(/\d{1,2}$/, '')));
    if (is !== undefined && is !== NameClass.query) return is;
    least = is ?? least;
    const shorter = joined.replace(QUALIFIER, '');
    if (shorter === joined || shorter === '') return least;
    if (words.length > 1 && joined.length - shorter.length >= (words.at(-1)?.length ?? 0)) words.pop();
    joined = shorter;
  }
  return least;
}

/** Adds names of the settings, for the life of the process: whole names in any spelling, in extras and in texts. */
export function addNames(names: readonly string[]): void {
  for (const name of names) {
    const joined = name.toLowerCase().split(BETWEEN_WORDS).join('').replaceAll('.', '');
    if (joined.length < 2) continue;
    byWhole.set(joined, NameClass.secret);
    mark(joined);
  }
  kept.clear();
}

const MAX_KEPT = 2000;
const MAX_NAME = 128;
const kept = new Map<string, NameClass>();

/** The class of a name in any spelling: `DB_PASSWORD`, `dbPassword`, `db.password`, `lösenord`. */
export function nameClass(name: string): NameClass {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const is = classify(name.length > MAX_NAME ? name.slice(-MAX_NAME) : name);
  // The copy does not hold on to the long text that the name was cut from.
  if (kept.size < MAX_KEPT && name.length <= MAX_NAME) kept.set(`_${name}`.slice(1), is);
  return is;
}
