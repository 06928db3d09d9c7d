import { expect, it } from "vitest";
import { registry } from "../../../generated/registry.js";
import { findPlugin } from "../../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../../runtime/plugin/testing/decoder-bench.js";
import { TcpConversation } from "../../../runtime/plugin/testing/tcp-conversation.js";
import { extension, handshake, hex, message, RANDOM, record } from "../testing/messages.js";

const plugin = findPlugin(registry.plugins, "tls");
const HANDSHAKE = 22;

const WHOLE = [
  extension.serverName("www.example.com"),
  extension.signatures(0x0403, 0x0804, 0x0401),
  extension.groups(0x001d, 0x0017),
];
/** ALPN of `h2`, 5 bytes. */
const PROTOCOLS = hex("0003 02 6832");

/** The row of a ClientHello with these bytes as its extensions, whose length field says `length`. */
function rowOf(extensions: Uint8Array, length: number) {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(length);
  const hello = Buffer.concat([message.clientHello({ suites: [0x1301, 0x1302, 0x1303] }), size, extensions]);
  const bench = new DecoderBench(plugin);
  const connection = new TcpConversation(bench, { serverPort: 443 });
  connection.open();
  connection.client(record(HANDSHAKE, handshake(1, hello)));
  return bench.finish()[0];
}

const READ = {
  malformed: true,
  server_name: "www.example.com",
  signature_algorithms: ["ECDSA_SECP256R1_SHA256", "RSA_PSS_RSAE_SHA256", "RSA_PKCS1_SHA256"],
  offered_groups: ["X25519", "SECP256R1"],
};
// JA3 as tshark 4.0.17 has it of `771,4865-4866-4867,0-13-10,29-23,` and of the same with 16. JA4 with sha256sum of `1301,1302,1303` and
// `000a,000d_0403,0804,0401`.
const WITHOUT_PROTOCOLS = {
  ...READ,
  client_extensions: ["SERVER_NAME", "SIGNATURE_ALGORITHMS", "SUPPORTED_GROUPS"],
  offered_alpn: [],
  ja3: "099d9a832e96302ec5ee42422c28cfc7",
  ja4: "t12d030300_55b375c5d22e_9aa5e626777d",
};
const WITH_PROTOCOLS = {
  ...READ,
  offered_alpn: ["h2"],
  ja3: "342fd14acc13e3be1376454001d387c4",
  ja4: "t12d0304h2_55b375c5d22e_9aa5e626777d",
};

it("keeps the extensions before one that goes beyond the block", () => {
  const extensions = Buffer.concat([...WHOLE, hex("0010 0030"), PROTOCOLS]);
  expect(rowOf(extensions, extensions.length)).toMatchObject(WITHOUT_PROTOCOLS);
});

it("keeps the extensions of a block whose length goes beyond the hello", () => {
  const extensions = Buffer.concat([...WHOLE, extension.of(16, PROTOCOLS)]);
  expect(rowOf(extensions, extensions.length + 18)).toMatchObject(WITH_PROTOCOLS);
});

it("keeps the extensions in a block that ends within one", () => {
  const extensions = Buffer.concat([...WHOLE, extension.of(16, PROTOCOLS)]);
  expect(rowOf(extensions, extensions.length - 7)).toMatchObject(WITHOUT_PROTOCOLS);
});

it("keeps the extensions before bytes that are too few for another one", () => {
  const extensions = Buffer.concat([...WHOLE, extension.of(16, PROTOCOLS), hex("002b")]);
  expect(rowOf(extensions, extensions.length)).toMatchObject(WITH_PROTOCOLS);
});

it("keeps the extensions after one whose content breaks the format", () => {
  const extensions = Buffer.concat([extension.of(0, hex("00ff 00")), ...WHOLE.slice(1), extension.of(16, PROTOCOLS)]);
  expect(rowOf(extensions, extensions.length)).toMatchObject({ ...WITH_PROTOCOLS, server_name: null });
});

it("keeps the extensions of a ServerHello before one that goes beyond the block", () => {
  const bench = new DecoderBench(plugin);
  const connection = new TcpConversation(bench, { serverPort: 443 });
  connection.open();
  connection.client(record(HANDSHAKE, handshake(1, message.clientHello())));
  // Version, random, no session, suite, no compression; supported_versions, then ALPN that is truncated.
  const hello = Buffer.concat([hex("0303"), RANDOM, hex("00 1301 00 000c 002b 0002 0304 0010 0005 0003")]);
  connection.server(record(HANDSHAKE, handshake(2, hello)));
  expect(bench.finish()).toMatchObject([
    {
      malformed: true,
      version: "TLS1_3",
      cipher_suite: "TLS_AES_128_GCM_SHA256",
      server_extensions: ["SUPPORTED_VERSIONS"],
    },
  ]);
});
