/** The kind of a number after one of these words, whatever its check digit. */
const ELSE = new Set(
  `order orders ordern ordernr ocr ref reference referens faktura fakturan fakturanr invoice invoices tracking kolli parcel shipment batch job build run seq sequence
  offset byte bytes size length count total sum amount price ts time timestamp at date since until exp iat nbf expires expiry epoch phone tel telefon telephone mobile mobil
  fax isbn ean gtin sku imei serial version port pid uid gid nonce snowflake event message msg request trace span artikel article product produkt org organisation orgnr
  organisationsnummer organisationsnr company bankgiro bg plusgiro pg iban ticket case ärende bestellung rechnung commande facture pedido factura zamówienie tilaus
  ordernummer fakturanummer referensnummer artikelnummer bestellnummer rechnungsnummer sendungsnummer`.split(
    /\s+/,
  ),
);
/** Words that belong to the one before them: `order number`, `invoice no`, `orderId`. */
const FILLER = new Set('no nr num number numbers nummer numret id ids ms ns us is was är value'.split(' '));
const WORDS = /\p{L}+/gu;
const CAMEL = /(\p{Ll})(?=\p{Lu})/gu;
/** Only signs between the word and the number: behind `order 17:` it is another one. */
const GAP = /[^\p{L}\d]*$/u;

/** The word that determines the kind of the number after `before`, in lower case; empty if there is none. */
export function wordBefore(before: string): string {
  const gap = GAP.exec(before)?.[0] ?? '';
  if (
    gap.length > 8 ||
    gap.length === before.length ||
    /\d$/.test(before.slice(0, before.length - gap.length))
  )
    return '';
  const words = before.replaceAll(CAMEL, '$1 ').toLowerCase().match(WORDS) ?? [];
  let at = words.length - 1;
  while (at > 0 && FILLER.has(words[at] as string)) at--;
  return words[at] ?? '';
}

export const isElse = (word: string): boolean => ELSE.has(word);
