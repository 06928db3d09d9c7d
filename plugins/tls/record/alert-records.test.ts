import { describe, expect, it } from "vitest";
import {
  APPLICATION_DATA,
  CLIENT_HELLO,
  CLIENT_HELLO_13,
  ENCRYPTED,
  FULL,
  HANDSHAKE,
  rowsOf,
  SERVER_HELLO_13,
} from "../testing/handshake.js";
import { extension, handshake, hex, message, record } from "../testing/messages.js";

const HELLOS_13 = [
  { client: record(HANDSHAKE, CLIENT_HELLO_13) },
  { server: Buffer.concat([record(HANDSHAKE, SERVER_HELLO_13), record(APPLICATION_DATA, ENCRYPTED)]) },
];
/** Two bytes of content, the type and a tag of 16 bytes (RFC 8446, section 5.2): an alert, or as much data. */
const SHORTEST = record(APPLICATION_DATA, Buffer.alloc(19, 0xee));
const LONGER = record(APPLICATION_DATA, ENCRYPTED);

describe("an encrypted record of TLS 1.3 as long as an alert", () => {
  it("is one where it is the last of its sender", () => {
    expect(rowsOf(...HELLOS_13, { client: SHORTEST })).toMatchObject([
      { state: "FAILED", alert: null, alert_sender: "CLIENT", alert_frame: 6 },
    ]);
  });

  it("is early data where its sender continues", () => {
    expect(rowsOf(...HELLOS_13, { client: SHORTEST, atSeconds: 1 }, { client: LONGER })).toMatchObject([
      { state: "ESTABLISHED", alert_sender: null, alert_frame: null },
    ]);
  });

  it("is the server's data before the client has finished", () => {
    expect(rowsOf(...HELLOS_13, { server: SHORTEST }, { server: LONGER }, { client: LONGER })).toMatchObject([
      { state: "ESTABLISHED", alert_sender: null },
    ]);
    expect(rowsOf(...HELLOS_13, { server: SHORTEST }, { client: LONGER })).toMatchObject([
      { state: "ESTABLISHED", alert_sender: null },
    ]);
  });

  it("has the length of the cipher suite's tag", () => {
    // TLS_AES_128_CCM_8_SHA256 (RFC 8446, appendix B.4), whose tag has 8 bytes.
    const hello = handshake(2, message.serverHello({ suite: 0x1305, extensions: [extension.chosenVersion(0x0304)] }));
    const hellos = [HELLOS_13[0]!, { server: Buffer.concat([record(HANDSHAKE, hello), LONGER]) }];
    expect(rowsOf(...hellos, { client: SHORTEST })).toMatchObject([{ state: "ESTABLISHED", alert_sender: null }]);
    const eleven = record(APPLICATION_DATA, Buffer.alloc(11, 0xee));
    expect(rowsOf(...hellos, { client: eleven })).toMatchObject([{ state: "FAILED", alert_sender: "CLIENT" }]);
    expect(rowsOf(...HELLOS_13, { client: eleven })).toMatchObject([{ state: "ESTABLISHED", alert_sender: null }]);
  });
});

describe("an unencrypted alert", () => {
  const halves = [record(21, hex("02")), record(21, hex("28"))];

  it("may be split over two records up to TLS 1.2 (RFC 5246, section 6.2.1)", () => {
    const expected = [{ state: "FAILED", alert: "HANDSHAKE_FAILURE", alert_level: "FATAL", alert_sender: "SERVER" }];
    const hello = { client: record(HANDSHAKE, CLIENT_HELLO) };
    expect(rowsOf(hello, { server: halves[0]! }, { server: halves[1]! })).toMatchObject(expected);
    expect(rowsOf(hello, { server: Buffer.concat(halves) })).toMatchObject(expected);
    expect(rowsOf(...FULL.slice(0, 2), { client: Buffer.concat(halves) })).toMatchObject([
      { state: "FAILED", alert: "HANDSHAKE_FAILURE", alert_sender: "CLIENT" },
    ]);
  });

  it("may come with others in one record up to TLS 1.2", () => {
    expect(rowsOf({ client: record(HANDSHAKE, CLIENT_HELLO) }, { server: record(21, hex("0170 0228")) })).toMatchObject(
      [{ state: "FAILED", alert: "HANDSHAKE_FAILURE" }],
    );
  });

  it.each([
    ["half of one", halves[0]!, null],
    ["two", record(21, hex("0170 0228")), "UNRECOGNIZED_NAME"],
  ])("is a record of its own in TLS 1.3 (RFC 8446, section 5.1): %s is malformed", (_, client, alert) => {
    expect(rowsOf(...HELLOS_13, { client })).toMatchObject([{ state: "INCOMPLETE", malformed: true, alert }]);
  });
});
