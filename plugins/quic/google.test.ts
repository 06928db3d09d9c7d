import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { CLIENT_CRYPTO, CONNECTION_ID, clientInitial, hex, keysOf } from "./testing/packets.js";

const plugin = findPlugin(registry.plugins, "quic");
const CLIENT = "192.0.2.1";
const SERVER = "192.0.2.53";
const ID = "e71ad5d7756c4d4d";
const HASH = "aa".repeat(12);

/** A CHLO (QUIC Crypto, section "Handshake messages") with PAD, SNI and UAID, of 1024 bytes. */
function clientHello(name = "example.com", agent = "Chrome/63"): Buffer {
  const values = [
    ["PAD\0", Buffer.alloc(1024 - 32 - name.length - agent.length)],
    ["SNI\0", Buffer.from(name)],
    ["UAID", Buffer.from(agent)],
  ] as const;
  let end = 0;
  const entries = values.map(([tag, value]) => {
    const entry = Buffer.from(`${tag}\0\0\0\0`, "latin1");
    entry.writeUInt32LE((end += value.length), 4);
    return entry;
  });
  return Buffer.concat([hex("43484c4f 0300 0000"), ...entries, ...values.map(([, value]) => value)]);
}

/** Bytes of a version's name. */
const named = (version: string) => Buffer.from(version).toString("hex");
/** A client's packet up to Q043: version, 8 bytes of an id, a number of one byte, and `a0`: STREAM with a length, stream 1, no offset. */
const packet = (version: string, rest: string, hello: Uint8Array, id = ID) =>
  Buffer.concat([hex("0d", id, named(version), "01", HASH, rest), hello]);

interface Said {
  readonly client?: Uint8Array;
  readonly server?: Uint8Array;
}

function benchOf(said: readonly Said[], serverPort = 443) {
  const bench = new DecoderBench(plugin);
  const toServer = { srcAddress: CLIENT, srcPort: 50000, dstAddress: SERVER, dstPort: serverPort };
  const toClient = { srcAddress: SERVER, srcPort: serverPort, dstAddress: CLIENT, dstPort: 50000 };
  said.forEach(({ client, server }, i) => {
    bench.udp(client ?? server!, { ...(client === undefined ? toClient : toServer), atSeconds: (i + 1) / 100 });
  });
  return bench;
}

const rowsOf = (...said: readonly Said[]) => benchOf(said).finish();

const HELLO = { server_name: "example.com", user_agent: "Chrome/63", hello_frame: 1, malformed: false };

describe("a CHLO in the clear", () => {
  it.each([
    // The length of the stream's data is little-endian before Q039, and a byte of private flags stands before the frames up to Q033.
    ["Q025", "0x51303235", packet("Q025", "00 a0 01 0004", clientHello())],
    ["Q034", "0x51303334", packet("Q034", "a0 01 0004", clientHello())],
    ["Q043", "0x51303433", packet("Q043", "a0 01 0400", clientHello())],
    // With an offset of two bytes, as of a second CHLO.
    ["Q043", "0x51303433", packet("Q043", "a4 01 0400 0400", clientHello())],
    ["Q046", "0x51303436", Buffer.concat([hex("c3 51303436 50", ID, "00000004", HASH, "a0 01 0400"), clientHello()])],
  ])("of %s has a name", (_, version, bytes) => {
    const row = {
      version,
      client_version: version,
      original_connection_id: ID,
      state: "UNANSWERED",
      ja3: null,
      ja4: null,
    };
    expect(rowsOf({ client: bytes })).toMatchObject([{ ...row, ...HELLO }]);
  });

  it("is recognised on any port", () => {
    const bench = benchOf([{ client: packet("Q043", "a0 01 0400", clientHello()) }], 50001);
    expect(bench.finish()).toMatchObject([HELLO]);
  });

  it("may be missing", () => {
    expect(rowsOf({ client: packet("Q039", "5c 7678af83", Buffer.alloc(1000, 0xee)) })).toMatchObject([
      { version: "0x51303339", server_name: null, hello_frame: null },
    ]);
  });

  it.each([
    ["a value that goes beyond it", 12, 0x7fffffff],
    ["more tags than it has room for", 4, 0xff],
    ["values that go back", 20, 0],
  ])("breaks the format with %s", (_, at, value) => {
    const hello = clientHello();
    hello.writeUInt32LE(value, at);
    const bench = benchOf([{ client: packet("Q043", "a0 01 0400", hello) }]);
    expect(bench.finish()).toMatchObject([{ version: "0x51303433", malformed: true }]);
    expect(bench.counters()).toMatchObject({ malformed: 1 });
  });
});

describe("an answer", () => {
  const first = { client: packet("Q043", "a0 01 0400", clientHello()) };

  it("of a version up to Q043 ends the row", () => {
    const nonce = hex("04", "00".repeat(32), "02", "ee".repeat(40));
    const rows = rowsOf(first, { server: hex("08", ID, "01", "ee".repeat(30)) }, { server: nonce }, first);
    expect(rows).toMatchObject([{ ...HELLO, state: "ANSWERED", latency: "0.010s" }]);
  });

  it("of Q046 is followed by a short header of a client that has the keys", () => {
    const hello = Buffer.concat([hex("c3 51303436 50", ID, "00000001", HASH, "a0 01 0400"), clientHello()]);
    const answer = hex("c3 51303436 05", ID, "00000001", HASH, "42 0303");
    const short = hex("40", "ee".repeat(30));
    const rows = rowsOf({ client: hello }, { server: answer }, { server: short }, { client: short });
    expect(rows).toMatchObject([{ ...HELLO, state: "ESTABLISHED", latency: "0.010s", handshake_duration: "0.030s" }]);
  });

  it("may refuse the version, and the client may come again", () => {
    const list = hex("09", ID, named("Q039"), named("Q035"));
    const again = packet("Q039", "a0 01 0400", clientHello("two.example"), "0102030405060708");
    expect(rowsOf(first, { server: list }, { client: again })).toMatchObject([
      { state: "VERSION_REFUSED", server_versions: ["0x51303339", "0x51303335"] },
      { state: "UNANSWERED", version: "0x51303339", server_name: "two.example", hello_frame: 3 },
    ]);
  });

  it("may be a Public Reset", () => {
    expect(rowsOf(first, { server: hex("0e", ID, "50525354 0000 0000") })).toMatchObject([{ state: "FAILED" }]);
  });

  it("to another id is none", () => {
    const other = hex("08 0102030405060708 01", "ee".repeat(30));
    expect(rowsOf(first, { server: other })).toMatchObject([{ state: "UNANSWERED" }]);
  });
});

describe("the encrypted versions", () => {
  /** Google's CRYPTO frame, which numbers 8, with a message at offset 0. */
  const crypto = (message: Uint8Array) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(0x4000 | message.length);
    return Buffer.concat([hex("08 00"), length, message]);
  };
  /** An ACK of three packets with one gap and one time stamp; padding. */
  const ACK = hex("60 05 0010 01 02 01 01 01 00 00000000 0000");

  // Salts as in Wireshark's packet-quic.c.
  it.each([
    ["T050", "0x54303530", "7ff579e5acd072915580304c43a2367c60488310"],
    ["T051", "0x54303531", "7a4edef4e7ccee5fa4506c19124fc8ccda6e033d"],
  ])("have a ClientHello: %s", (name, version, salt) => {
    const frames = Buffer.concat([ACK, crypto(CLIENT_CRYPTO.subarray(4))]);
    const bytes = clientInitial({ version: named(name), frames }, keysOf(CONNECTION_ID, "client", salt));
    expect(rowsOf({ client: bytes })).toMatchObject([{ version, server_name: "example.com", offered_alpn: ["alpn"] }]);
  });

  it("have a CHLO: Q050", () => {
    const keys = keysOf(CONNECTION_ID, "client", "504574efd066fe2f9d945cfcdbd3a7f0d3b56b45");
    const frames = crypto(clientHello());
    expect(rowsOf({ client: clientInitial({ version: named("Q050"), frames }, keys) })).toMatchObject([
      { version: "0x51303530", ...HELLO },
    ]);
  });
});

describe("other datagrams", () => {
  it.each([
    ["a packet without a version", hex("08", ID, "01", "ee".repeat(30))],
    ["a version that is none of Google's", packet("X039", "a0 01 0400", clientHello())],
    ["DTLS", hex("17 fefd 0001 000000000001 0020", "ee".repeat(32))],
    ["a cut header", hex("0d e71ad5")],
    ["STUN", hex("0001 0000 2112a442", "00".repeat(12))],
  ])("are not this plugin's: %s", (_, bytes) => {
    const bench = benchOf([{ client: bytes }]);
    expect(bench.finish()).toEqual([]);
    expect(bench.counters()).toMatchObject({ accepted: 0, malformed: 0 });
  });

  it("never throw", () => {
    const part = fc.uint8Array({ maxLength: 60 });
    const datagram = fc.oneof(
      part.map((bytes) => Buffer.concat([hex("0d", ID, named("Q043")), bytes])),
      part.map((bytes) => Buffer.concat([hex("0d", ID, named("Q043"), "01", HASH, "a0 01 0400 43484c4f"), bytes])),
      part.map((bytes) => Buffer.concat([hex("c3 51303436"), bytes])),
      part.map((bytes) => Buffer.concat([hex("08"), bytes])),
      part,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), datagram), { maxLength: 6 }), (list) => {
        rowsOf(...list.map(([isClient, bytes]) => (isClient ? { client: bytes } : { server: bytes })));
      }),
    );
  });
});
