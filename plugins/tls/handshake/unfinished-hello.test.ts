import { describe, expect, it } from "vitest";
import { TcpFlag } from "../../../runtime/plugin/index.js";
import { alert, HANDSHAKE, rowsOf, SERVER_FLIGHT, start } from "../testing/handshake.js";
import { extension, handshake, message, RANDOM, record } from "../testing/messages.js";

/** A ClientHello whose name comes first, and that is longer than a segment. */
const HELLO = record(
  HANDSHAKE,
  handshake(
    1,
    message.clientHello({
      extensions: [
        extension.serverName("www.wireloom.example"),
        extension.groups(0x001d),
        extension.of(21, Buffer.alloc(1800)),
        extension.protocols("h2"),
      ],
    }),
  ),
);
const FIRST = HELLO.subarray(0, 1460);
const SECOND = HELLO.subarray(1460);
const SEEN = {
  client_version: "TLS1_2",
  client_random: RANDOM.toString("hex"),
  server_name: "www.wireloom.example",
  offered_groups: ["X25519"],
  offered_alpn: [],
  // Only a whole hello shows these.
  grease: null,
  ja3: null,
  ja4: null,
};

describe("a ClientHello that breaks off is a row of the part that was received", () => {
  it.each([
    ["FIN of the client", (it: ReturnType<typeof start>["connection"]) => it.close()],
    [
      "FIN of the server",
      (it: ReturnType<typeof start>["connection"]) => it.serverSegment("", { flags: TcpFlag.Fin | TcpFlag.Ack }),
    ],
    ["RST of the client", (it: ReturnType<typeof start>["connection"]) => it.clientSegment("", { flags: TcpFlag.Rst })],
    [
      "RST of the server",
      (it: ReturnType<typeof start>["connection"]) => it.serverSegment("", { flags: TcpFlag.Rst | TcpFlag.Ack }),
    ],
    ["the end of the input", () => {}],
  ])("by %s", (_, end) => {
    const { bench, connection } = start();
    connection.open();
    connection.client(FIRST);
    end(connection);
    expect(bench.finish()).toMatchObject([
      { ...SEEN, state: "UNANSWERED", malformed: true, src_address: "192.0.2.1", dst_port: 443 },
    ]);
  });

  it("before a fatal alert of the server", () => {
    expect(
      rowsOf({ client: FIRST, atSeconds: 1 }, { server: alert(2, 50), atSeconds: 1.5 }, { client: SECOND }),
    ).toMatchObject([{ ...SEEN, state: "FAILED", alert: "DECODE_ERROR", alert_sender: "SERVER", malformed: true }]);
  });

  it("before an answer that is not TLS", () => {
    expect(rowsOf({ client: FIRST }, { server: Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n") })).toMatchObject([
      { ...SEEN, state: "INCOMPLETE", malformed: true },
    ]);
  });

  it("without a name where its extension is incomplete", () => {
    const nameAt = HELLO.indexOf("www.wireloom");
    const { bench, connection } = start();
    connection.open();
    connection.client(HELLO.subarray(0, nameAt + 5));
    connection.close();
    expect(bench.finish()).toMatchObject([{ server_name: null, client_version: "TLS1_2", malformed: true }]);
  });
});

describe("a ClientHello whose second segment was not captured", () => {
  it("is a row of the first one, with what the server answered", () => {
    const { bench, connection } = start();
    connection.open();
    connection.client(FIRST);
    connection.clientLost(SECOND.length);
    connection.server(record(HANDSHAKE, ...SERVER_FLIGHT));
    connection.close();
    expect(bench.finish()).toMatchObject([
      {
        ...SEEN,
        state: "INCOMPLETE",
        gap: true,
        malformed: false,
        version: "TLS1_2",
        alpn: "h2",
        certificate_count: 1,
      },
    ]);
  });

  it("is a row of the first one where nothing came after", () => {
    const { bench, connection } = start();
    connection.open();
    connection.client(FIRST);
    connection.clientLost(SECOND.length);
    connection.close();
    expect(bench.finish()).toMatchObject([{ ...SEEN, state: "UNANSWERED", gap: true, malformed: false }]);
  });
});

it("a ClientHello that continues in the next segment is one whole row", () => {
  expect(rowsOf({ client: FIRST }, { client: SECOND })).toMatchObject([
    { server_name: "www.wireloom.example", offered_alpn: ["h2"], grease: false, malformed: false, frame_number: 5 },
  ]);
});
