/** Bytes of hex digits, in which spaces are layout. */
export function hex(...parts: readonly string[]): Buffer {
  return Buffer.from(parts.join("").replaceAll(/\s/g, ""), "hex");
}

/** A number in `size` bytes, network order. */
function number(value: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
}

/** Bytes with their length in `size` bytes before them. */
export function vector(size: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([number(content.length, size), content]);
}

const numbers = (values: readonly number[]) => Buffer.concat(values.map((value) => number(value, 2)));

/** Extensions by their types (RFC 8446, section 4.2). */
export const extension = {
  of: (type: number, content: Uint8Array) => Buffer.concat([number(type, 2), vector(2, content)]),
  serverName: (name: string) => extension.of(0, vector(2, hex("00"), vector(2, Buffer.from(name, "latin1")))),
  groups: (...groups: readonly number[]) => extension.of(10, vector(2, numbers(groups))),
  pointFormats: () => extension.of(11, hex("01 00")),
  signatures: (...schemes: readonly number[]) => extension.of(13, vector(2, numbers(schemes))),
  protocols: (...names: readonly string[]) =>
    extension.of(16, vector(2, ...names.map((name) => vector(1, Buffer.from(name, "latin1"))))),
  offeredVersions: (...versions: readonly number[]) => extension.of(43, vector(1, numbers(versions))),
  chosenVersion: (version: number) => extension.of(43, number(version, 2)),
  keyShares: (...groups: readonly number[]) =>
    extension.of(51, vector(2, ...groups.map((group) => Buffer.concat([number(group, 2), vector(2, hex("aabb"))])))),
  chosenShare: (group: number) => extension.of(51, Buffer.concat([number(group, 2), vector(2, hex("aabb"))])),
};

/** Contents of a ClientHello made for a test. */
export interface ClientHelloParts {
  readonly version?: number;
  readonly sessionId?: string;
  /** Cookie of DTLS, in hex digits; absent in TLS. */
  readonly cookie?: string;
  readonly suites?: readonly number[];
  readonly extensions?: readonly Uint8Array[];
}

/** Contents of a ServerHello made for a test. */
export interface ServerHelloParts {
  readonly version?: number;
  readonly random?: Uint8Array;
  readonly suite?: number;
  readonly extensions?: readonly Uint8Array[];
}

/** The random of every hello. */
export const RANDOM = Buffer.alloc(32, 0x5a);

/** Bodies of handshake messages. */
export const message = {
  /** RFC 8446, section 4.1.2; with a cookie RFC 6347, section 4.2.1. */
  clientHello: ({
    version = 0x0303,
    sessionId = "",
    cookie,
    suites = [0x1301, 0xc02f],
    extensions,
  }: ClientHelloParts = {}) =>
    Buffer.concat([
      number(version, 2),
      RANDOM,
      vector(1, hex(sessionId)),
      ...(cookie === undefined ? [] : [vector(1, hex(cookie))]),
      vector(2, numbers(suites)),
      hex("01 00"),
      ...(extensions === undefined ? [] : [vector(2, ...extensions)]),
    ]),
  /** RFC 8446, section 4.1.3. */
  serverHello: ({ version = 0x0303, random = RANDOM, suite = 0xc02f, extensions }: ServerHelloParts = {}) =>
    Buffer.concat([
      number(version, 2),
      random,
      hex("00"),
      number(suite, 2),
      hex("00"),
      ...(extensions === undefined ? [] : [vector(2, ...extensions)]),
    ]),
  /** RFC 5246, section 7.4.2. */
  certificates: (...certificates: readonly Uint8Array[]) =>
    vector(3, ...certificates.map((certificate) => vector(3, certificate))),
};

/** A handshake message (RFC 8446, section 4). */
export function handshake(type: number, body: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([number(type, 1), vector(3, body)]);
}

/** A record of TLS (RFC 8446, section 5.1) with the version that most have. */
export function record(type: number, ...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([number(type, 1), hex("0303"), vector(2, ...parts)]);
}

/** A fragment of a handshake message of DTLS (RFC 6347, section 4.2.2), the whole message unless given otherwise. */
export function fragment(
  type: number,
  sequence: number,
  body: Uint8Array,
  [start, end]: readonly [number, number] = [0, body.length],
): Buffer {
  const content = body.subarray(start, end);
  return Buffer.concat([
    number(type, 1),
    number(body.length, 3),
    number(sequence, 2),
    number(start, 3),
    vector(3, content),
  ]);
}

/** A record of DTLS (RFC 6347, section 4.1). */
export function datagramRecord(type: number, epoch: number, ...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([number(type, 1), hex("fefd"), number(epoch, 2), hex("000000000001"), vector(2, ...parts)]);
}
