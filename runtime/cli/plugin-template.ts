/** The files of a new plugin for a UDP protocol: a header of two bytes, then a text. They generate, compile and pass their test. */
export function pluginTemplate(name: string, port: number): Readonly<Record<string, string>> {
  const message = messageName(name);
  const record = `${message}Record`;
  return {
    [`${name}.proto`]: `syntax = "proto3";

package wireloom.${name}.v1;

import "wireloom/v1/annotations.proto";
import "wireloom/v1/observation.proto";

// One ${message} message: a version, a kind and a text.
message ${message} {
  option (wireloom.v1.event) = {
    resource: "${name}"
    title: "${message}"
    udp_ports: ${port}
  };
  wireloom.v1.Observation observation = 1;
  uint32 version = 2 [(wireloom.v1.field).list = true];
  Kind kind = 3 [(wireloom.v1.field).list = true];
  string text = 4 [(wireloom.v1.field) = {max_bytes: 64, list: true}];
}

enum Kind {
  KIND_UNSPECIFIED = 0;
  KIND_REQUEST = 1;
  KIND_RESPONSE = 2;
}
`,
    "decoder.ts": `import type { ${record} } from "../../generated/${name}/record.js";
import { type DatagramDecoder, Verdict } from "../../runtime/plugin/index.js";

const HEADER_BYTES = 2;

/** Version and kind in a byte each, then a text in ASCII. */
export const decodeDatagram: DatagramDecoder<${record}> = (datagram, out) => {
  const { bytes, start, end } = datagram;
  if (end - start < HEADER_BYTES) return Verdict.Truncated;
  const { record } = out;
  record.version = bytes[start]!;
  if (record.version === 0) return Verdict.Malformed;
  record.kind = bytes[start + 1]!;
  for (let at = start + HEADER_BYTES; at < end; at++) {
    // A text field must be UTF-8: bytes that are not printable ASCII are replaced by a dot.
    const byte = bytes[at]!;
    record.text.push(byte >= 0x20 && byte < 0x7f ? byte : 0x2e);
  }
  out.emit();
  return Verdict.Accepted;
};
`,
    "decoder.test.ts": `import { expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { decodeUdp, findPlugin } from "../../runtime/plugin/testing/decode-rows.js";

const plugin = findPlugin(registry.plugins, "${name}");

it("makes a row from a message", () => {
  // version 1, kind 2 (response), "hello"
  const payload = Uint8Array.of(1, 2, 0x68, 0x65, 0x6c, 0x6c, 0x6f);
  const rows = decodeUdp(plugin, payload, { srcPort: 40000, dstPort: ${port} });
  expect(rows).toMatchObject([{ version: 1, kind: "RESPONSE", text: "hello", dst_port: ${port} }]);
});

it("makes no row from a truncated message or one of version 0", () => {
  expect(decodeUdp(plugin, Uint8Array.of(1), { srcPort: 40000, dstPort: ${port} })).toEqual([]);
  expect(decodeUdp(plugin, Uint8Array.of(0, 1), { srcPort: 40000, dstPort: ${port} })).toEqual([]);
});
`,
    "README.md": `# ${message}

Messages on UDP port ${port}: one row each, in the table, the REST collection and the command line's protocol \`${name}\`.

| file | what it is |
| --- | --- |
| \`${name}.proto\` | the row: fields, their semantic types and bounds |
| \`decoder.ts\` | from a datagram's bytes to the row |
| \`decoder.test.ts\` | messages made by hand and the rows that they give |

To make it your protocol:

1. Describe the row in \`${name}.proto\`, before you generate for the first time: columns that were generated once are kept in
   \`plugins/${name}/schema.lock.json\`. To change them before the plugin is released, delete the member \`"${name}"\` of \`"tables"\` there.
2. \`npm run generate\`
3. Fill the row in \`decoder.ts\`. A proto field \`error_code\` is \`record.errorCode\`.
4. \`npx vitest run plugins/${name} && npm run check:types\`
5. \`npx tsx runtime/cli/wireloom.ts decode FILE --protocol ${name}\`

Captures in \`plugins/${name}/captures\` are compared with tshark by the \`wireshark\` names of the fields; \`docs/plugins.md\` says how.
`,
  };
}

/** Name of the message of a new plugin's event: `Demo` of `demo`. */
export function messageName(plugin: string): string {
  return plugin.charAt(0).toUpperCase() + plugin.slice(1);
}
