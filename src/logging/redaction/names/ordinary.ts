// Hot path: asked for the value of each name that is a secret's.

/** Placeholders for secrets and words about them: values that are never redacted. None is a likely password. */
const ORDINARY = new Set(
  `null nil none undefined true false yes no on off n/a na nan empty unset set missing required optional forbidden invalid valid incorrect wrong expired mismatch
  changed updated rotated revoked reset removed deleted created generated hidden masked redacted filtered omitted enabled disabled unknown unavailable ok failed denied
  granted accepted rejected refused allowed absent present found unchanged encrypted unencrypted bearer basic digest negotiate ntlm oauth oauth2 jwt saml ldap local cookie header
  include omit same-origin string number boolean object array bytea text varchar char bytes keyobject token tokens is was are has not and or for to from in of the a an as by with
  flag flags option options must should can cannot may await new function async this req request res response type field fields value open closed new old current start
  krävs saknas ogiltigt fel felaktigt erforderlich ungültig falsch fehlt abgelaufen obligatoria obligatorio requerida requerido incorrecta incorrecto inválida inválido
  obligatoire requis invalide incorrect expiré vereist ongeldig wymagane nieprawidłowe vaaditaan påkrevd påkrævet ugyldig обязателен неверный obrigatória obrigatório
  issued sent stored saved cleared refreshed renewed validated verified checked parsed loaded ready active inactive cached signed unsigned minst mindestens mínimo minimo moins minimum
  必須 必填 필수 authentication authorization authenticated authorized unauthorized scheme realm error challenge`.split(
    /\s+/,
  ),
);

/** `***`, `xxxx`, `<password>`, `${DB_PASSWORD}`, `$DB_PASSWORD`, `{{ x }}`, `%s`, `$1`, `:password`, `?`, `@p1`, `…` */
const PLACEHOLDER =
  /^(?:[*•·.…?-]+|[xX]{3,}|<[^>]{0,40}>?|\$\{[^}]{0,60}\}?.*|\$[A-Z_][A-Z0-9_]*|\$\d{1,2}|\{\{.*|%[sdjov]|%\(\w+\)s|[:@][a-z_]{1,40}|\[[^\]]{0,40}\]?|\([a-z ]{0,40}\)?|![a-z]{1,20}|process\.env\b.*)$/;
/** Words of validation messages about a field. */
const REMARK =
  /^(?:must|is|was|are|should|can['’]?t|cannot|may|has|have|does|do|not|too|at least|please|this|the|your|invalid|required|incorrect|wrong|missing|needs?|expected|field|value|no)\s+\S/i;
/** An expression of a program: `req.body.password`, `getToken(user)`. */
const EXPRESSION = /^[a-z_$][a-z$]*(?:\.[a-z_$][a-z_$]*)+(?:\(.*|;)?$|^[a-z_$][\w$]*(?:\.\w+)*[([]/i;
const LONGEST = 64;

/** Whether a value is none of a secret: a word about it, a placeholder, a piece of a program. */
export function isOrdinary(value: string): boolean {
  if (value.length > LONGEST) return false;
  if (value.length === 0) return true;
  if (ORDINARY.has(value.length < 16 ? value.toLowerCase() : value)) return true;
  return PLACEHOLDER.test(value) || REMARK.test(value);
}

export function isExpression(value: string): boolean {
  return value.length <= 200 && EXPRESSION.test(value);
}

const MEASURE =
  /^(?:[\d.,:+-]+(?:[a-z%µ]{1,3})?|v?\d+(?:\.\w+)+|\d{4}-\d\d-\d\d\S*|(?:https?|file|wss?):\/\/.*|\.{0,2}\/.*)$/i;
const HAS_DIGIT = /\d/;
const HAS_LETTER = /[A-Za-z]/;
const HAS_SIGN = /[!#$%^&*+@?~]/;
const HAS_BOTH_CASES = /[a-z][A-Z]|[A-Z]{2}[a-z]/;
const JUDGED = 128;

/** Whether a value looks made up by a machine or for a login, not like a word, a number, a time or a path. */
export function looksSecret(value: string): boolean {
  if (value.length < 6) return false;
  const head = value.length > JUDGED ? value.slice(0, JUDGED) : value;
  if (MEASURE.test(head)) return false;
  if (!HAS_LETTER.test(head)) return HAS_SIGN.test(head);
  return HAS_DIGIT.test(head) || HAS_SIGN.test(head) || (head.length >= 16 && HAS_BOTH_CASES.test(head));
}

const COUNT = /^-?\d{1,5}$/;
/** A count of tokens, not a token. */
export const isCount = (value: string): boolean => value.length <= 6 && COUNT.test(value);

/** A word such as `content-type` or `firstName`, as lists of names have. */
export const isFieldName = (value: string): boolean =>
  /^[A-Za-z]+(?:[-_][A-Za-z]+)*$/.test(value) && value.length < 40;
