import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { CLIENT_CRYPTO, clientInitial, hex, keysOf, retry, SERVER_FRAMES, serverInitial } from "./testing/packets.js";

const plugin = findPlugin(registry.plugins, "quic");
const CLIENT = "192.0.2.1";
const SERVER = "192.0.2.53";

interface Ids {
  readonly original: string;
  readonly client: string;
  readonly server: string;
}

/** A connection whose ClientHello asks for a host of eleven characters. */
class Connection {
  readonly name: string;
  readonly #ids: Ids;
  readonly #frames: Buffer;

  constructor(ids: Ids, name: string) {
    this.name = name;
    this.#ids = ids;
    this.#frames = Buffer.from(CLIENT_CRYPTO.toString("latin1").replace("example.com", name), "latin1");
  }

  hello(number = 0): Buffer {
    const { original, client } = this.#ids;
    return clientInitial(
      { destination: original, source: client, number, frames: this.#frames },
      keysOf(original, "client"),
    );
  }

  /** The ClientHello again, to the id of a Retry. */
  helloTo(destination: string): Buffer {
    const parts = { destination, source: this.#ids.client, token: "746f6b656e", number: 1, frames: this.#frames };
    return clientInitial(parts, keysOf(destination, "client"));
  }

  answer(): Buffer {
    const { original, client, server } = this.#ids;
    return serverInitial(client, server, SERVER_FRAMES, keysOf(original, "server"));
  }

  handshakeTo(destination: string): Buffer {
    const ids = [destination, this.#ids.client].map((id) => Buffer.concat([Buffer.of(id.length / 2), hex(id)]));
    return Buffer.concat([hex("e0 00000001"), ...ids, hex(`14 ${"ee".repeat(20)}`)]);
  }

  /** A packet of 1-RTT (RFC 9000, section 17.3). */
  data(destination = this.#ids.server): Buffer {
    return Buffer.concat([hex(`41 ${destination}`), Buffer.alloc(30, 0xee)]);
  }
}

const LONG: readonly Ids[] = [
  { original: "a1a2a3a4a5a6a7a8", client: "c1c1c1c1", server: "d1d1d1d1d1d1d1d1" },
  { original: "b1b2b3b4b5b6b7b8", client: "c2c2c2c2", server: "d2d2d2d2d2d2d2d2" },
  { original: "e1e2e3e4e5e6e7e8", client: "c3c3c3c3", server: "d3d3d3d3d3d3d3d3" },
];
const NAMES = ["one.example", "two.example", "six.example"];
const connectionsWith = (change: Partial<Ids>) =>
  LONG.map((ids, i) => new Connection({ ...ids, ...change }, NAMES[i]!)) as [Connection, Connection, Connection];

class Wire {
  readonly bench = new DecoderBench(plugin);
  #time = 0;

  /** One datagram, a millisecond after the one before. */
  client(bytes: Uint8Array, srcPort = 50000): this {
    const ends = { srcAddress: CLIENT, srcPort, dstAddress: SERVER, dstPort: 443 };
    this.bench.udp(bytes, { ...ends, atSeconds: ++this.#time / 1000 });
    return this;
  }

  server(bytes: Uint8Array, dstPort = 50000): this {
    const ends = { srcAddress: SERVER, srcPort: 443, dstAddress: CLIENT, dstPort };
    this.bench.udp(bytes, { ...ends, atSeconds: ++this.#time / 1000 });
    return this;
  }

  /** Rows in the order of their first packets. */
  rows() {
    return this.bench.finish().toSorted((a, b) => Number(a["frame_number"]) - Number(b["frame_number"]));
  }
}

describe("connections of one pair of ports at a time", () => {
  it.each([
    ["with ids of both sides", {}],
    ["with ids of the server alone", { client: "" }],
    ["with ids of the client alone", { server: "" }],
  ])("are a row each: %s", (_, change) => {
    const [one, two, six] = connectionsWith(change);
    const wire = new Wire()
      .client(one.hello())
      .client(two.hello())
      .client(six.hello())
      .server(two.answer())
      .server(one.answer())
      .server(six.answer());
    expect(wire.rows()).toMatchObject([
      { server_name: "one.example", original_connection_id: LONG[0]!.original, response_frame: 5, latency: "0.004s" },
      { server_name: "two.example", original_connection_id: LONG[1]!.original, response_frame: 4, latency: "0.002s" },
      { server_name: "six.example", original_connection_id: LONG[2]!.original, response_frame: 6, latency: "0.003s" },
    ]);
  });

  it("are established by the packets to their own server's ids", () => {
    const [one, two, six] = connectionsWith({ client: "" });
    const wire = new Wire()
      .client(one.hello())
      .client(two.hello())
      .server(one.answer())
      .client(one.data())
      .client(six.hello())
      .client(one.data())
      .server(two.answer())
      .client(one.data())
      .server(six.answer())
      .client(two.data());
    expect(wire.rows()).toMatchObject([
      { server_name: "one.example", state: "ESTABLISHED", handshake_duration: "0.003s" },
      { server_name: "two.example", state: "ESTABLISHED", handshake_duration: "0.008s" },
      { server_name: "six.example", state: "INCOMPLETE", handshake_duration: null },
    ]);
  });

  it("are distinguished in their Retry packets", () => {
    const [one, two] = connectionsWith({ client: "" });
    const wire = new Wire()
      .client(one.hello())
      .client(two.hello())
      .server(retry(LONG[1]!.original, "", "f2f2f2f2f2f2f2f2", "746f6b656e"))
      .server(one.answer())
      .client(two.helloTo("f2f2f2f2f2f2f2f2"));
    expect(wire.rows()).toMatchObject([
      { server_name: "one.example", state: "INCOMPLETE", retries: 0, server_connection_id: LONG[0]!.server },
      { server_name: "two.example", state: "INCOMPLETE", retries: 1, latency: "0.001s" },
    ]);
  });

  it("are distinguished in Version Negotiation packets", () => {
    const [one, two] = connectionsWith({ client: "" });
    const wire = new Wire()
      .client(one.hello())
      .client(two.hello())
      .server(hex(`80 00000000 00 08 ${LONG[1]!.original} 6b3343cf`));
    expect(wire.rows()).toMatchObject([
      { server_name: "one.example", state: "UNANSWERED" },
      { server_name: "two.example", state: "VERSION_REFUSED", server_versions: ["2"] },
    ]);
  });

  it("may have a client on either side", () => {
    const [one, two] = connectionsWith({});
    const wire = new Wire().client(one.hello()).server(two.hello()).client(two.answer()).server(one.answer());
    expect(wire.rows()).toMatchObject([
      { server_name: "one.example", src_address: CLIENT, response_frame: 4 },
      { server_name: "two.example", src_address: SERVER, response_frame: 3 },
    ]);
  });

  it.each([
    ["a few hundred, and are sent again", 200, 2],
    ["any number", 400, 1],
  ])("may be %s", (_, length, times) => {
    const wire = new Wire();
    const originals = Array.from({ length }, (_, i) => `0102030405060${(i + 256).toString(16)}`);
    const hellos = originals.map((original) => new Connection({ ...LONG[0]!, original }, "one.example").hello());
    for (let i = 0; i < times; i++) for (const hello of hellos) wire.client(hello);
    expect(wire.rows().map((row) => row["original_connection_id"])).toEqual(originals);
  });

  it("are never mixed, in whatever order their packets come", () => {
    for (const change of [{}, { client: "" }]) {
      const connections = connectionsWith(change);
      const packets = connections.flatMap((connection) => [
        { bytes: connection.hello(), isFromServer: false },
        { bytes: connection.answer(), isFromServer: true },
        { bytes: connection.data(), isFromServer: false },
        { bytes: connection.hello(1), isFromServer: false },
      ]);
      fc.assert(
        fc.property(fc.shuffledSubarray(packets), (sent) => {
          const wire = new Wire();
          for (const { bytes, isFromServer } of sent) isFromServer ? wire.server(bytes) : wire.client(bytes);
          for (const row of wire.rows()) {
            if (row["client_version"] === "") continue;
            const i = LONG.findIndex(({ original }) => original === row["original_connection_id"]);
            expect(row["server_name"]).toBe(NAMES[i]);
            expect([null, LONG[i]!.server]).toContain(row["server_connection_id"]);
          }
        }),
      );
    }
  });

  it("of a client without ids begin no row with an answer that is of one of them", () => {
    const [one, two] = connectionsWith({ client: "" });
    const broken = Buffer.from(one.answer());
    broken[40]! ^= 1;
    expect(new Wire().client(one.hello()).client(two.hello()).server(broken).rows()).toMatchObject([
      { server_name: "one.example", state: "UNANSWERED" },
      { server_name: "two.example", state: "UNANSWERED" },
    ]);
  });
});

describe("one connection", () => {
  it("is one row where its packets are sent again, before and after it was established", () => {
    const [one] = connectionsWith({});
    const wire = new Wire().client(one.hello()).client(one.hello(1)).server(one.answer()).client(one.data());
    wire.client(one.hello(2)).server(one.answer()).client(one.data());
    expect(wire.rows()).toMatchObject([{ state: "ESTABLISHED", frame_number: 1, handshake_duration: "0.003s" }]);
  });

  it("is one row where the client takes another of the server's ids at once", () => {
    const [one] = connectionsWith({ client: "" });
    const wire = new Wire().client(one.hello()).server(one.answer());
    wire.client(one.handshakeTo("d9d9d9d9d9d9d9d9")).client(one.data("d9d9d9d9d9d9d9d9"));
    expect(wire.rows()).toMatchObject([{ state: "ESTABLISHED", handshake_duration: "0.003s" }]);
  });

  it("is one row where the server was not captured", () => {
    const [one] = connectionsWith({ client: "" });
    const acknowledgement = clientInitial(
      { destination: LONG[0]!.server, number: 1, frames: hex("02 00 00 00 00") },
      keysOf(LONG[0]!.original, "client"),
    );
    const wire = new Wire().client(one.hello()).client(acknowledgement).client(one.handshakeTo(LONG[0]!.server));
    expect(wire.client(one.data()).rows()).toMatchObject([{ server_name: "one.example", state: "INCOMPLETE" }]);
  });

  it.each([
    // A server adds reserved versions to its list (RFC 9000, section 6.3), maybe the client's.
    ["refused", [hex(`80 00000000 04 c1c1c1c1 08 ${LONG[0]!.original} 00000001 1a2a3a4a`)], "VERSION_REFUSED"],
    ["refused, which was not captured", [], "UNANSWERED"],
  ])("is another one after its version was %s", (_, answers, state) => {
    const [one] = connectionsWith({});
    const first = Buffer.from(one.hello());
    first.writeUInt32BE(0x1a2a3a4a, 1);
    const wire = new Wire().client(first);
    for (const answer of answers) wire.server(answer);
    expect(wire.client(one.hello()).client(one.hello(1)).server(one.answer()).rows()).toMatchObject([
      { state, client_version: "0x1a2a3a4a", server_name: null, latency: answers.length === 0 ? null : "0.001s" },
      { state: "INCOMPLETE", client_version: "1", server_name: "one.example", latency: "0.002s" },
    ]);
  });

  it("is one row where the Retry was not captured", () => {
    const [one] = connectionsWith({});
    const wire = new Wire().client(one.hello()).client(one.helloTo("f2f2f2f2f2f2f2f2"));
    wire.server(serverInitial("c1c1c1c1", LONG[0]!.server, SERVER_FRAMES, keysOf("f2f2f2f2f2f2f2f2", "server")));
    expect(wire.rows()).toMatchObject([{ server_name: "one.example", response_frame: 3 }]);
  });

  it("is not mixed with one of other ports that has the same ids", () => {
    const [one] = connectionsWith({});
    const other = new Connection(LONG[0]!, "two.example");
    const wire = new Wire().client(one.hello()).client(other.hello(), 50001).server(one.answer());
    expect(wire.rows()).toMatchObject([
      { server_name: "one.example", src_port: 50000, state: "INCOMPLETE" },
      { server_name: "two.example", src_port: 50001, state: "UNANSWERED" },
    ]);
  });

  it.each([
    // RFC 9000, section 17.2.1: the source is the client's destination.
    ["Version Negotiation of another destination", hex("80 00000000 04 c1c1c1c1 08 a1a2a3a4a5a6a7a9 6b3343cf")],
    // RFC 9000, section 6.2.
    ["Version Negotiation with the client's version", hex(`80 00000000 04 c1c1c1c1 08 ${LONG[0]!.original} 00000001`)],
    // RFC 9001, section 5.8.
    ["Retry for another packet", retry("a1a2a3a4a5a6a7a9", "c1c1c1c1", "f2f2f2f2", "746f6b656e")],
  ])("goes on after what its client discards: %s", (_, packet) => {
    const [one] = connectionsWith({});
    const wire = new Wire().client(one.hello()).server(packet).server(one.answer());
    expect(wire.rows()).toMatchObject([{ state: "INCOMPLETE", retries: 0, latency: "0.002s", response_frame: 3 }]);
  });
});
