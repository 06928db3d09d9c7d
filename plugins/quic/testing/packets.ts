import { createCipheriv, createHmac } from "node:crypto";

/** Bytes of hex digits, in which spaces are layout. */
export function hex(...parts: readonly string[]): Buffer {
  return Buffer.from(parts.join("").replaceAll(/\s/g, ""), "hex");
}

/** Keys as an appendix lists them, in hex digits. */
export interface ListedKeys {
  readonly key: string;
  readonly iv: string;
  readonly hp: string;
}

/** Destination connection id of the client's first packet in both appendixes. */
export const CONNECTION_ID = "8394c8f03e515708";

/** Keys of RFC 9001, appendix A.1. */
export const VERSION_1 = {
  client: {
    key: "1f369613dd76d5467730efcbe3b1a22d",
    iv: "fa044b2f42a3fd3b46fb255c",
    hp: "9f50449e04a0e810283a1e9933adedd2",
  },
  server: {
    key: "cf3a5331653c364c88f0f379b6067e37",
    iv: "0ac1493ca1905853b0bba03e",
    hp: "c206b8d9b9f0f37644430b490eeaa314",
  },
} as const;

/** Keys of RFC 9369, appendix A.1. */
export const VERSION_2 = {
  client: {
    key: "8b1a0bc121284290a29e0971b5cd045d",
    iv: "91f73e2351d8fa91660e909f",
    hp: "45b95e15235d6f45a6b19cbcb0294ba9",
  },
  server: {
    key: "82db637861d55e1d011f19ea71d5d2a7",
    iv: "dd13c276499c0249d3310652",
    hp: "edf6d05c83121201b436e16877593c3a",
  },
} as const;

/** The CRYPTO frame with a ClientHello of RFC 9001, appendix A.2. */
export const CLIENT_CRYPTO = hex(
  "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e868",
  "04fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578",
  "616d706c652e636f6dff01000100000a00080006001d00170018001000070005",
  "04616c706e000500050100000000003300260024001d00209370b2c9caa47fba",
  "baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400",
  "0d0010000e0403050306030203080408050806002d00020101001c0002400100",
  "3900320408ffffffffffffffff05048000ffff07048000ffff08011001048000",
  "75300901100f088394c8f03e51570806048000ffff",
);

/** The server's Initial packets of the two appendixes A.3. */
export const SERVER_INITIAL = hex(
  "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a",
  "5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3ec2493a1839b3",
  "dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84",
  "022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc4",
  "2158407dd074ee",
);
export const SERVER_INITIAL_2 = hex(
  "dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698",
  "baeea26b91eb761d9b89237bbf87263017915358230035f7fd3945d88965cf17",
  "f9af6e16886c61bfc703106fbaf3cb4cfa52382dd16a393e42757507698075b2",
  "c984c707f0a0812d8cd5a6881eaf21ceda98f4bd23f6fe1a3e2c43edd9ce7ca8",
  "4bed8521e2e140",
);

/**
 * Protects an Initial packet with keys of an appendix (RFC 9001, sections 5.3 and 5.4). The header is as it is before, with a packet number
 * of four bytes at its end.
 */
export function seal(header: Uint8Array, payload: Uint8Array, { key, iv, hp }: ListedKeys): Buffer {
  const nonce = hex(iv);
  for (let i = 0; i < 4; i++) nonce[8 + i]! ^= header[header.length - 4 + i]!;
  const cipher = createCipheriv("aes-128-gcm", hex(key), nonce);
  cipher.setAAD(header);
  const sealed = Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
  const mask = createCipheriv("aes-128-ecb", hex(hp), null).update(sealed.subarray(0, 16));
  const packet = Buffer.concat([header, sealed]);
  packet[0]! ^= mask[0]! & 0x0f;
  for (let i = 0; i < 4; i++) packet[header.length - 4 + i]! ^= mask[1 + i]!;
  return packet;
}

/** What a client's Initial made for a test differs in from the one of RFC 9001, appendix A.2. */
export interface InitialParts {
  readonly version?: string;
  readonly destination?: string;
  readonly source?: string;
  readonly number?: number;
  readonly token?: string;
  /** Frames; what is missing to 1162 bytes is padding. */
  readonly frames: Uint8Array;
}

/** A client's Initial of version 1 in a datagram of at least 1200 bytes. */
export function clientInitial(
  { version = "00000001", destination = CONNECTION_ID, source = "", number = 2, token = "", frames }: InitialParts,
  keys: ListedKeys = VERSION_1.client,
): Buffer {
  const payload = Buffer.concat([frames, Buffer.alloc(Math.max(0, 1162 - frames.length))]);
  const byte = (value: number) => Buffer.of(value);
  const end = Buffer.alloc(6);
  end.writeUInt16BE(0x4000 | (payload.length + 4 + 16), 0);
  end.writeUInt32BE(number, 2);
  const header = Buffer.concat([
    hex("c3", version),
    byte(destination.length / 2),
    hex(destination),
    byte(source.length / 2),
    hex(source),
    byte(token.length / 2),
    hex(token),
    end,
  ]);
  return seal(header, payload, keys);
}

/** A CRYPTO frame (RFC 9000, section 19.6) with a part of a stream. */
export function cryptoFrame(stream: Uint8Array, start: number, end: number): Buffer {
  const numbers = Buffer.alloc(4);
  numbers.writeUInt16BE(0x4000 | start, 0);
  numbers.writeUInt16BE(0x4000 | (end - start), 2);
  return Buffer.concat([hex("06"), numbers, stream.subarray(start, end)]);
}

/** The frames of the server's Initial of RFC 9001, appendix A.3: ACK, and CRYPTO with a ServerHello. */
export const SERVER_FRAMES = hex(
  "02000000000600405a020000560303eefce7f7b37ba1d1632e96677825ddf739",
  "88cfc79825df566dc5430b9a045a1200130100002e00330024001d00209d3c94",
  "0d89690b84d08a60993c144eca684d1081287c834d5311bcf32bb9da1a002b00",
  "020304",
);

/** Salt of version 1. */
const SALT = "38762cf7f55934b34d179ae6a4c80cadccbb7f0a";

/** Keys of Initial packets, from the destination of the client's first one (RFC 9001, section 5.2). */
export function keysOf(destination: string, side: "client" | "server", salt = SALT): ListedKeys {
  const mac = (key: Uint8Array, data: Uint8Array) => createHmac("sha256", key).update(data).digest();
  const expand = (secret: Uint8Array, label: string, length: number) => {
    const info = Buffer.concat([
      Buffer.of(0, length, label.length + 6),
      Buffer.from(`tls13 ${label}`),
      Buffer.of(0, 1),
    ]);
    return mac(secret, info).subarray(0, length);
  };
  const initial = mac(hex(salt), hex(destination));
  const secret = expand(initial, `${side} in`, 32);
  const [key, iv, hp] = [expand(secret, "quic key", 16), expand(secret, "quic iv", 12), expand(secret, "quic hp", 16)];
  return { key: key.toString("hex"), iv: iv.toString("hex"), hp: hp.toString("hex") };
}

/** A server's Initial of version 1. */
export function serverInitial(destination: string, source: string, frames: Uint8Array, keys: ListedKeys): Buffer {
  const end = Buffer.alloc(6);
  end.writeUInt16BE(0x4000 | (frames.length + 4 + 16), 0);
  const ids = [destination, source].map((id) => Buffer.concat([Buffer.of(id.length / 2), hex(id)]));
  return seal(Buffer.concat([hex("c3 00000001"), ...ids, hex("00"), end]), frames, keys);
}

/** A Retry of version 1 that answers a client's Initial to `original` (RFC 9001, section 5.8). */
export function retry(original: string, destination: string, source: string, token: string): Buffer {
  const ids = [destination, source].map((id) => Buffer.concat([Buffer.of(id.length / 2), hex(id)]));
  const packet = Buffer.concat([hex("ff 00000001"), ...ids, hex(token)]);
  const key = hex("be0c690b9f66575a1d766b54e368c84e");
  const cipher = createCipheriv("aes-128-gcm", key, hex("461599d35d632bf2239825bb"));
  cipher.setAAD(Buffer.concat([Buffer.of(original.length / 2), hex(original), packet]));
  cipher.final();
  return Buffer.concat([packet, cipher.getAuthTag()]);
}
