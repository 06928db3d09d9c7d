import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import {
  CLIENT_CRYPTO,
  CONNECTION_ID,
  clientInitial,
  cryptoFrame,
  hex,
  SERVER_INITIAL,
  SERVER_INITIAL_2,
  seal,
  VERSION_1,
  VERSION_2,
} from "./testing/packets.js";

const plugin = findPlugin(registry.plugins, "quic");

const CLIENT = "192.0.2.1";
const SERVER = "192.0.2.53";
/** The ClientHello without the header of its frame. */
const HELLO = CLIENT_CRYPTO.subarray(4);
const FIRST = clientInitial({ frames: CLIENT_CRYPTO });
/** A packet of 1-RTT (RFC 9000, section 17.3), which cannot be decrypted. */
const SHORT = Buffer.concat([hex("40"), Buffer.alloc(40, 0xee)]);

interface Datagram {
  readonly bytes: Uint8Array;
  readonly isFromServer?: boolean;
  readonly atSeconds?: number;
}

function send(bench: DecoderBench, datagrams: readonly Datagram[], serverPort = 443): void {
  for (const { bytes, isFromServer, atSeconds } of datagrams) {
    const ends = isFromServer
      ? { srcAddress: SERVER, srcPort: serverPort, dstAddress: CLIENT, dstPort: 50000 }
      : { srcAddress: CLIENT, srcPort: 50000, dstAddress: SERVER, dstPort: serverPort };
    bench.udp(bytes, atSeconds === undefined ? ends : { ...ends, atSeconds });
  }
}

function rowsOf(datagrams: readonly Datagram[], serverPort?: number) {
  const bench = new DecoderBench(plugin);
  send(bench, datagrams, serverPort);
  return bench.finish();
}

const HELLO_VALUES = {
  server_name: "example.com",
  offered_alpn: ["alpn"],
  offered_cipher_suites: ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"],
  offered_versions: ["TLS1_3"],
  offered_groups: ["X25519", "SECP256R1", "SECP384R1"],
  key_share_groups: ["X25519"],
  client_random: "ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c",
  grease: false,
  early_data_offered: false,
  resumption_offered: false,
  max_idle_timeout: 30000,
  initial_max_stream_data_bidi_local: 65535,
  initial_max_stream_data_bidi_remote: 65535,
  initial_max_stream_data_uni: 65535,
  initial_max_streams_bidi: 16,
  initial_max_streams_uni: 16,
  max_ack_delay: null,
  disable_active_migration: false,
};

describe("a connection of RFC 9001, appendix A", () => {
  const datagrams: readonly Datagram[] = [
    { bytes: FIRST, atSeconds: 1 },
    { bytes: SERVER_INITIAL, isFromServer: true, atSeconds: 1.02 },
    { bytes: SHORT, isFromServer: true },
    { bytes: SHORT, atSeconds: 1.05 },
    { bytes: SHORT },
  ];

  it("is one row", () => {
    expect(rowsOf(datagrams)).toMatchObject([
      {
        src_address: CLIENT,
        dst_address: SERVER,
        dst_port: 443,
        frame_number: 1,
        hello_frame: 1,
        response_frame: 2,
        state: "ESTABLISHED",
        latency: "0.020s",
        handshake_duration: "0.050s",
        version: "1",
        client_version: "1",
        original_connection_id: CONNECTION_ID,
        client_connection_id: "",
        server_connection_id: "f067a5502a4262b5",
        token_length: 0,
        retries: 0,
        cipher_suite: "TLS_AES_128_GCM_SHA256",
        group: "X25519",
        server_extensions: ["KEY_SHARE", "SUPPORTED_VERSIONS"],
        resumed: false,
        malformed: false,
        ...HELLO_VALUES,
      },
    ]);
  });

  it("may have any value in the fixed bit, once a client has begun it (RFC 9287)", () => {
    // The plain text of appendix A.3.
    const frames = hex(
      "02000000000600405a020000560303eefce7f7b37ba1d1632e96677825ddf73988cfc79825df566dc5430b9a045a1200130100002e00330024001d0020",
      "9d3c940d89690b84d08a60993c144eca684d1081287c834d5311bcf32bb9da1a002b00020304",
    );
    const header = hex("830000000100", "08f067a5502a4262b5", "00", "4077", "00000001");
    const greased = seal(header, frames, VERSION_1.server);
    expect(rowsOf([datagrams[0]!, { bytes: greased, isFromServer: true }])).toMatchObject([
      { response_frame: 2, cipher_suite: "TLS_AES_128_GCM_SHA256", malformed: false },
    ]);
    expect(rowsOf([{ bytes: greased, isFromServer: true }])).toEqual([]);
    const short = Buffer.from(SHORT);
    short[0] = 0x08;
    expect(rowsOf([...datagrams.slice(0, 3), { bytes: short, atSeconds: 1.05 }])).toMatchObject([
      { state: "ESTABLISHED" },
    ]);
  });

  it("has a JA4 of its own kind", () => {
    // Two suites, eleven extensions, `alpn`; hashes with sha256sum of `1301,1302` and of
    // `0005,000a,000d,001c,002b,002d,0033,0039,ff01_0403,0503,0603,0203,0804,0805,0806`.
    expect(rowsOf(datagrams)).toMatchObject([{ ja4: "q13d0211an_62ed6f6ca7ad_4d634acda6c0" }]);
  });

  it("costs nothing more once it is established", () => {
    const bench = new DecoderBench(plugin);
    send(bench, [...datagrams, ...datagrams]);
    expect(bench.finish()).toHaveLength(1);
    expect(bench.counters()).toMatchObject({ accepted: 10, notMine: 0, malformed: 0 });
  });

  it("on another port is recognised by its first packet", () => {
    expect(rowsOf(datagrams, 50001)).toMatchObject([{ state: "ESTABLISHED", server_name: "example.com" }]);
  });
});

it("reads version 2, of RFC 9369, appendix A", () => {
  const header = hex("d36b3343cf088394c8f03e5157080000449e00000002");
  const first = seal(header, Buffer.concat([CLIENT_CRYPTO, Buffer.alloc(917)]), VERSION_2.client);
  expect(rowsOf([{ bytes: first }, { bytes: SERVER_INITIAL_2, isFromServer: true }])).toMatchObject([
    { state: "INCOMPLETE", version: "2", client_version: "2", cipher_suite: "TLS_AES_128_GCM_SHA256", ...HELLO_VALUES },
  ]);
});

it("follows a server that goes over to version 2 (RFC 9368, section 2.3)", () => {
  expect(rowsOf([{ bytes: FIRST }, { bytes: SERVER_INITIAL_2, isFromServer: true }])).toMatchObject([
    { version: "2", client_version: "1", cipher_suite: "TLS_AES_128_GCM_SHA256" },
  ]);
});

describe("a ClientHello", () => {
  it("comes in pieces, out of order, over several packets", () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: HELLO.length - 1 }), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, fc.integer(), (positions, seed) => {
        const edges = [0, ...positions.toSorted((a, b) => a - b), HELLO.length];
        const frames = edges.slice(1).map((end, i) => cryptoFrame(HELLO, edges[i]!, end));
        const shuffled = frames
          .map((frame, i) => [Math.imul(seed + i, 0x9e3779b1) >>> 0, frame] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, frame]) => frame);
        const half = Math.ceil(shuffled.length / 2);
        // PING and padding between frames (RFC 9000, sections 19.1 and 19.2).
        const packets = [shuffled.slice(0, half), shuffled.slice(half)].map((list, i) =>
          clientInitial({ number: i, frames: Buffer.concat(list.flatMap((frame) => [hex("01 00 00"), frame])) }),
        );
        expect(rowsOf(packets.map((bytes) => ({ bytes })))).toMatchObject([
          { state: "UNANSWERED", frame_number: 1, malformed: false, ...HELLO_VALUES },
        ]);
      }),
      { numRuns: 50 },
    );
  });

  it("that never comes whole is a row without its values", () => {
    expect(rowsOf([{ bytes: clientInitial({ frames: cryptoFrame(HELLO, 0, 200) }) }])).toMatchObject([
      { state: "UNANSWERED", version: "1", hello_frame: null, server_name: null },
    ]);
  });
});

describe("an answer", () => {
  it("may ask to come again with a token, under another id", () => {
    // RFC 9001, appendix A.4.
    const retry = hex("ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba");
    // Of the client, from f067a5502a4262b5 as in appendix A.1, computed with Python's hmac.
    const keys = {
      key: "6e5bc5c72660b012024b7c9044c931e3",
      iv: "a2fac7faa83f7b587df5fa2c",
      hp: "a13be4c1b951b219f20025c387d74ead",
    };
    const again = clientInitial(
      { destination: "f067a5502a4262b5", token: "746f6b656e", number: 3, frames: CLIENT_CRYPTO },
      keys,
    );
    const half = clientInitial({ frames: cryptoFrame(HELLO, 0, 100) });
    expect(
      rowsOf([{ bytes: half, atSeconds: 1 }, { bytes: retry, isFromServer: true, atSeconds: 1.25 }, { bytes: again }]),
    ).toMatchObject([
      {
        state: "INCOMPLETE",
        latency: "0.250s",
        retries: 1,
        token_length: 0,
        original_connection_id: CONNECTION_ID,
        hello_frame: 3,
        ...HELLO_VALUES,
      },
    ]);
  });

  it("may refuse the version, and the client may come again", () => {
    // RFC 9000, section 17.2.1: versions 2 and 1.
    const negotiation = hex(`80 00000000 00 08 ${CONNECTION_ID} 6b3343cf 00000001`);
    const unknown = Buffer.from(FIRST);
    unknown.writeUInt32BE(0x1a2a3a4a, 1);
    expect(rowsOf([{ bytes: unknown }, { bytes: negotiation, isFromServer: true }, { bytes: FIRST }])).toMatchObject([
      { state: "VERSION_REFUSED", version: "0x1a2a3a4a", server_versions: ["2", "1"], hello_frame: null },
      { state: "UNANSWERED", version: "1", ...HELLO_VALUES },
    ]);
  });

  it("may close the connection", () => {
    // RFC 9000, section 19.19: no_application_protocol, in a CRYPTO frame, with a reason.
    const close = Buffer.concat([hex("1c 4178 06 07"), Buffer.from("no alpn")]);
    const header = hex("c3 00000001 00 08 f067a5502a4262b5 00 4030 00000000");
    const payload = Buffer.concat([close, Buffer.alloc(48 - 4 - 16 - close.length)]);
    expect(
      rowsOf([{ bytes: FIRST }, { bytes: seal(header, payload, VERSION_1.server), isFromServer: true }]),
    ).toMatchObject([
      { state: "FAILED", close_error: 0x178, close_reason: "no alpn", close_sender: "SERVER", close_frame: 2 },
    ]);
  });

  it("that was not captured is known from what the client sends", () => {
    expect(rowsOf([{ bytes: FIRST }, { bytes: SHORT }])).toMatchObject([{ state: "INCOMPLETE", response_frame: null }]);
  });

  it("alone has the client as its destination's peer", () => {
    expect(rowsOf([{ bytes: SERVER_INITIAL, isFromServer: true }])).toMatchObject([
      {
        state: "INCOMPLETE",
        src_address: CLIENT,
        dst_port: 443,
        client_version: "",
        server_connection_id: "f067a5502a4262b5",
      },
    ]);
  });
});

describe("other packets", () => {
  it("after an Initial in its datagram indicate early data", () => {
    // RFC 9000, section 17.2.3.
    const early = hex(`d0 00000001 08 ${CONNECTION_ID} 00 14 ${"ee".repeat(20)}`);
    expect(rowsOf([{ bytes: Buffer.concat([FIRST, early]) }])).toMatchObject([
      { early_data: true, server_name: "example.com" },
    ]);
  });

  it("with frames that do not belong there are malformed", () => {
    const bench = new DecoderBench(plugin);
    // A STREAM frame.
    send(bench, [{ bytes: clientInitial({ frames: Buffer.concat([CLIENT_CRYPTO, hex("08 00")]) }) }]);
    expect(bench.finish()).toMatchObject([{ malformed: true, server_name: "example.com" }]);
    expect(bench.counters()).toMatchObject({ malformed: 1 });
  });

  it.each([
    ["a short header without a connection", SHORT],
    ["a handshake under way", hex(`e0 00000001 08 ${CONNECTION_ID} 00 14 ${"ee".repeat(20)}`)],
    ["a connection id that is too long", hex(`c0 00000001 15 ${"00".repeat(30)}`)],
    ["DTLS", hex("16 fefd 0000 000000000001 0004 00000000")],
    ["nothing", hex("")],
  ])("are not this plugin's: %s", (_, bytes) => {
    const bench = new DecoderBench(plugin);
    send(bench, [{ bytes }]);
    expect(bench.finish()).toEqual([]);
    expect(bench.counters()).toMatchObject({ accepted: 0, malformed: 0 });
  });

  it("that cannot be opened leave a row with the values of their header", () => {
    const changed = Buffer.from(FIRST);
    changed[100]! ^= 1;
    expect(rowsOf([{ bytes: changed }])).toMatchObject([
      { state: "UNANSWERED", original_connection_id: CONNECTION_ID, server_name: null, malformed: false },
    ]);
  });
});

describe("any datagrams", () => {
  it("never throw", () => {
    const part = fc.uint8Array({ maxLength: 200 });
    const datagram = fc.oneof(
      part,
      part.map((bytes) => Buffer.concat([hex("c3 00000001 08", CONNECTION_ID, "00 00"), bytes])),
      part.map((frames) => clientInitial({ frames })),
      part.map((hello) =>
        clientInitial({
          frames: cryptoFrame(Buffer.concat([hex("01 0000"), Buffer.of(hello.length), hello]), 0, hello.length + 4),
        }),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), datagram), { maxLength: 6 }), (list) => {
        rowsOf(list.map(([isFromServer, bytes]) => ({ bytes, isFromServer })));
      }),
    );
  });

  it("with any transport parameters never throw", () => {
    fc.assert(
      fc.property(fc.nat(HELLO.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(CLIENT_CRYPTO);
        changed[4 + at] = value;
        expect(rowsOf([{ bytes: clientInitial({ frames: changed }) }])).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});
