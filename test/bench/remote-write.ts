/** Samples of one series for Prometheus' remote-write receiver. */
export interface WrittenSeries {
  /** With `__name__`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly { readonly timeMs: number; readonly value: number }[];
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** A field that holds bytes (wire type 2 of protocol buffers). */
function field(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

function label(name: string, value: string): Buffer {
  return field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))]));
}

function sample(timeMs: number, value: number): Buffer {
  const head = Buffer.alloc(9);
  head[0] = 0x09; // field 1, eight bytes
  head.writeDoubleLE(value, 1);
  return field(2, Buffer.concat([head, Buffer.from([0x10]), varint(timeMs)]));
}

function timeSeries({ labels, samples }: WrittenSeries): Buffer {
  const sorted = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));
  return field(
    1,
    Buffer.concat([
      ...sorted.map(([name, value]) => label(name, value)),
      ...samples.map(({ timeMs, value }) => sample(timeMs, value)),
    ]),
  );
}

const LITERAL_BYTES = 65_536;

/** The block format of Snappy, in literals only: valid, not smaller. */
function snappy(content: Uint8Array): Buffer {
  const parts: Uint8Array[] = [varint(content.length)];
  for (let at = 0; at < content.length; at += LITERAL_BYTES) {
    const literal = content.subarray(at, at + LITERAL_BYTES);
    const last = literal.length - 1;
    parts.push(Buffer.from([61 << 2, last & 0xff, last >> 8]), literal);
  }
  return Buffer.concat(parts);
}

/** Sends samples by remote write 1.0 (prometheus.io/docs/specs/prw/remote_write_spec). Throws when they are refused. */
export async function remoteWrite(url: string, series: readonly WrittenSeries[]): Promise<void> {
  const response = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: new Uint8Array(snappy(Buffer.concat(series.map(timeSeries)))),
  });
  if (!response.ok) throw new Error(`remote write: ${response.status} ${await response.text()}`);
}
