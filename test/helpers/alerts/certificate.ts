import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** DER (X.690): tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const oid = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.from(bytes));
const SIGNED_BY = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)); // ecdsa-with-SHA256

function name(common: string): Buffer {
  return sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(common)))));
}

function utcTime(atMs: number): Buffer {
  const digits = new Date(atMs).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return der(0x17, Buffer.from(digits.slice(2)));
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that signs itself, for one host name and 127.0.0.1; made anew for each test run, so that none expires. */
export function selfSigned(host: string, options: { readonly expired?: boolean } = {}): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const nowMs = Date.now();
  const dayMs = 86_400_000;
  const [fromMs, toMs] = options.expired
    ? [nowMs - 2 * dayMs, nowMs - dayMs]
    : [nowMs - dayMs, nowMs + dayMs];
  const altNames = sequence(der(0x82, Buffer.from(host)), der(0x87, Buffer.from([127, 0, 0, 1])));
  const basic = sequence(der(0x01, Buffer.from([0xff]))); // CA: true, so that it may be named as an authority
  const extensions = sequence(
    sequence(oid(0x55, 0x1d, 0x11), der(0x04, altNames)),
    sequence(oid(0x55, 0x1d, 0x13), der(0x01, Buffer.from([0xff])), der(0x04, basic)),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    SIGNED_BY,
    name(host),
    sequence(utcTime(fromMs), utcTime(toMs)),
    name(host),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  return { cert: pem(sequence(body, SIGNED_BY, signature(body, privateKey))), key: keyText(privateKey) };
}

function signature(body: Buffer, key: KeyObject): Buffer {
  return der(0x03, Buffer.from([0]), createSign('sha256').update(body).sign(key));
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function keyText(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
