import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { SERVER_PORTS } from "./server-port.js";
import { CLIENT_CRYPTO, clientInitial, hex, keysOf, retry, SERVER_FRAMES, serverInitial } from "./testing/packets.js";

const plugin = findPlugin(registry.plugins, "quic");
const CLIENT = "192.0.2.1";
const SERVER = "192.0.2.53";
const ORIGINAL = "8394c8f03e515708";
const CLIENT_ID = "c1c1c1c1c1c1c1c1";
const SERVER_ID = "d1d1d1d1d1d1d1d1";

const INITIAL = clientInitial({ source: CLIENT_ID, frames: CLIENT_CRYPTO });
const ANSWER = serverInitial(CLIENT_ID, SERVER_ID, SERVER_FRAMES, keysOf(ORIGINAL, "server"));
const RETRY = retry(ORIGINAL, CLIENT_ID, SERVER_ID, "746f6b656e");
/** RFC 9000, section 17.2.1: the server has version 1. */
const NEGOTIATION = hex("c0 00000000 08", CLIENT_ID, "08", ORIGINAL, "00000001");
/** A packet of 0-RTT (RFC 9000, section 17.2.3): 20 bytes of number and protected payload. */
const EARLY = hex("d0 00000001 08", ORIGINAL, "08", CLIENT_ID, "14", "ee".repeat(20));

/** Datagrams of one conversation, each of the client or of the server. */
function rowsOf(
  clientPort: number,
  serverPort: number,
  datagrams: readonly (readonly ["client" | "server", Uint8Array])[],
) {
  const bench = new DecoderBench(plugin);
  for (const [sender, bytes] of datagrams) {
    bench.udp(
      bytes,
      sender === "client"
        ? { srcAddress: CLIENT, srcPort: clientPort, dstAddress: SERVER, dstPort: serverPort }
        : { srcAddress: SERVER, srcPort: serverPort, dstAddress: CLIENT, dstPort: clientPort },
    );
  }
  return bench.finish();
}

const ends = (clientPort: number, serverPort: number) => ({
  src_address: CLIENT,
  src_port: clientPort,
  dst_address: SERVER,
  dst_port: serverPort,
});

it("the ports that are treated as servers' are the event's", () => {
  expect([...SERVER_PORTS]).toEqual([...plugin.bindings.udpPorts]);
});

describe("the client is who sends an Initial with the client's keys (RFC 9001, section 5.2)", () => {
  it.each([
    [500, 4433],
    [443, 8443],
    [443, 50000],
    [784, 443],
  ])("whatever the ports are: from %i to %i", (clientPort, serverPort) => {
    expect(
      rowsOf(clientPort, serverPort, [
        ["client", INITIAL],
        ["server", ANSWER],
      ]),
    ).toMatchObject([
      { ...ends(clientPort, serverPort), server_name: "example.com", cipher_suite: "TLS_AES_128_GCM_SHA256" },
    ]);
  });
});

describe("a server whose client's first packet was not captured", () => {
  it.each(SERVER_PORTS.map((port) => [port]))("is the side of the port that is QUIC's, %i", (port) => {
    expect(rowsOf(50000, port, [["server", ANSWER]])).toMatchObject([
      { ...ends(50000, port), state: "INCOMPLETE", server_connection_id: SERVER_ID, original_connection_id: "" },
    ]);
  });
});

describe("what only a server sends is a row of its client", () => {
  it.each([
    ["a Retry", RETRY, "INCOMPLETE", { retries: 1, version: "1" }],
    ["a Version Negotiation", NEGOTIATION, "VERSION_REFUSED", { server_versions: ["1"], version: "" }],
  ])("%s", (_, packet, state, values) => {
    for (const [clientPort, serverPort] of [
      [50000, 443],
      [500, 4433],
      [443, 50000],
    ] as const) {
      expect(rowsOf(clientPort, serverPort, [["server", packet]])).toMatchObject([
        { ...ends(clientPort, serverPort), ...values, state },
      ]);
    }
  });
});

describe("0-RTT before the Initial of its connection", () => {
  it("is early data of one row, which begins with it", () => {
    const withToken = clientInitial({ source: CLIENT_ID, token: "746f6b656e", frames: CLIENT_CRYPTO });
    expect(
      rowsOf(50000, 443, [
        ["client", EARLY],
        ["client", withToken],
        ["server", ANSWER],
      ]),
    ).toMatchObject([
      {
        ...ends(50000, 443),
        frame_number: 1,
        hello_frame: 2,
        response_frame: 3,
        early_data: true,
        token_length: 5,
        original_connection_id: ORIGINAL,
        server_name: "example.com",
      },
    ]);
  });

  it("is the client's whatever the ports are", () => {
    expect(
      rowsOf(443, 50000, [
        ["client", EARLY],
        ["client", INITIAL],
      ]),
    ).toMatchObject([{ ...ends(443, 50000), early_data: true, server_name: "example.com" }]);
  });

  it("that comes again after the connection is established begins no other row", () => {
    const short = Buffer.concat([hex(`41 ${SERVER_ID}`), Buffer.alloc(30, 0xee)]);
    expect(
      rowsOf(50000, 443, [
        ["client", INITIAL],
        ["server", ANSWER],
        ["client", short],
        ["client", EARLY],
      ]),
    ).toMatchObject([{ state: "ESTABLISHED", early_data: false }]);
  });
});

it("a transport parameter that comes twice is malformed, and the row has those before (RFC 9000, section 7.4)", () => {
  // Of RFC 9001, appendix A.2: initial_max_stream_data_bidi_local, 0x05, becomes another initial_max_data, 0x04,
  // whose first value, 2^62 - 1, JSON's numbers round.
  const at = CLIENT_CRYPTO.indexOf(hex("05048000ffff"));
  const doubled = Buffer.from(CLIENT_CRYPTO);
  doubled[at] = 4;
  expect(rowsOf(50000, 443, [["client", clientInitial({ frames: doubled })]])).toMatchObject([
    { malformed: true, server_name: "example.com", initial_max_data: 2n ** 62n - 1n, ack_delay_exponent: null },
  ]);
});
