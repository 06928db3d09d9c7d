import { expect, it } from "vitest";
import { CLIENT_HELLO, HANDSHAKE, rowsOf } from "../testing/handshake.js";
import { extension, handshake, message, record } from "../testing/messages.js";

it("a ClientHello with an extension twice is malformed, and a row of what stands before the second", () => {
  const hello = message.clientHello({
    extensions: [
      extension.serverName("first.example"),
      extension.groups(0x001d),
      extension.serverName("second.example"),
      extension.protocols("h2"),
    ],
  });
  expect(rowsOf({ client: record(HANDSHAKE, handshake(1, hello)) })).toMatchObject([
    {
      malformed: true,
      server_name: "first.example",
      offered_groups: ["X25519"],
      client_extensions: ["SERVER_NAME", "SUPPORTED_GROUPS"],
      offered_alpn: [],
    },
  ]);
});

it("a ServerHello with an extension twice is malformed, and a row of what stands before the second", () => {
  const hello = message.serverHello({
    suite: 0x1301,
    extensions: [extension.chosenVersion(0x0304), extension.chosenVersion(0x0303), extension.chosenShare(0x001d)],
  });
  expect(
    rowsOf({ client: record(HANDSHAKE, CLIENT_HELLO) }, { server: record(HANDSHAKE, handshake(2, hello)) }),
  ).toMatchObject([{ malformed: true, version: "TLS1_3", server_extensions: ["SUPPORTED_VERSIONS"], group: null }]);
});

it("the same extensions in several hellos are not twice in one", () => {
  const rows = rowsOf({ client: record(HANDSHAKE, CLIENT_HELLO) });
  expect([...rows, ...rowsOf({ client: record(HANDSHAKE, CLIENT_HELLO) })]).toMatchObject([
    { malformed: false },
    { malformed: false },
  ]);
});
