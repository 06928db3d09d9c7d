import { describe, expect, it } from "vitest";
import { nodeCryptography } from "../../runtime/node/node-cryptography.js";
import { formatHex, provideCryptography } from "../../runtime/plugin/index.js";
import { initialKeys } from "./initial-keys.js";
import { readLongHeader } from "./long-header.js";
import { PacketNumbers } from "./packet-number.js";
import { unprotect } from "./packet-protection.js";
import {
  CLIENT_CRYPTO,
  CONNECTION_ID,
  hex,
  SERVER_INITIAL,
  SERVER_INITIAL_2,
  seal,
  VERSION_1,
  VERSION_2,
} from "./testing/packets.js";

provideCryptography(nodeCryptography);

const VERSION_2_NUMBER = 0x6b3343cf;
const PADDED = Buffer.concat([CLIENT_CRYPTO, Buffer.alloc(917)]);

function listed(version: number, isOfServer: boolean) {
  const { key, iv, headerProtection } = initialKeys(version, hex(CONNECTION_ID), isOfServer)!;
  return { key: formatHex(key), iv: formatHex(iv), hp: formatHex(headerProtection) };
}

function open(packet: Buffer, version: number, isOfServer: boolean) {
  const header = readLongHeader(packet, 0, packet.length)!;
  const payload = unprotect(packet, header, initialKeys(version, hex(CONNECTION_ID), isOfServer)!, new PacketNumbers());
  return payload === undefined ? undefined : Buffer.from(payload);
}

describe("keys", () => {
  it("are those of RFC 9001, appendix A.1", () => {
    expect(listed(1, false)).toEqual(VERSION_1.client);
    expect(listed(1, true)).toEqual(VERSION_1.server);
  });

  it("are those of RFC 9369, appendix A.1", () => {
    expect(listed(VERSION_2_NUMBER, false)).toEqual(VERSION_2.client);
    expect(listed(VERSION_2_NUMBER, true)).toEqual(VERSION_2.server);
  });

  it("are none of a version that is not known", () => {
    expect(initialKeys(0x51303436, hex(CONNECTION_ID), false)).toBeUndefined();
  });
});

describe("packets", () => {
  // Beginning and end as in the appendixes A.2, so that the packets are the ones there.
  it.each([
    [
      1,
      "c300000001088394c8f03e5157080000449e00000002",
      VERSION_1.client,
      "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11",
      "e221af44860018ab0856972e194cd934",
    ],
    [
      VERSION_2_NUMBER,
      "d36b3343cf088394c8f03e5157080000449e00000002",
      VERSION_2.client,
      "d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485",
      "a18b2faa745b6fe189cf772a9f84cbfc",
    ],
  ])("of a client in version %i open", (version, header, keys, first, last) => {
    const packet = seal(hex(header), PADDED, keys);
    expect(packet.toString("hex", 0, 32)).toBe(first);
    expect(packet.toString("hex", packet.length - 16)).toBe(last);
    expect(open(packet, version, false)).toEqual(PADDED);
  });

  it.each([
    [1, SERVER_INITIAL],
    [VERSION_2_NUMBER, SERVER_INITIAL_2],
  ])("of a server in version %i open", (version, packet) => {
    // An ACK frame and the CRYPTO frame of appendix A.3.
    expect(Buffer.from(open(packet, version, true)!).toString("hex", 0, 20)).toBe(
      "02000000000600405a020000560303eefce7f7b3",
    );
  });

  it("that were changed do not open", () => {
    for (const at of [6, 19, 30, SERVER_INITIAL.length - 1]) {
      const changed = Buffer.from(SERVER_INITIAL);
      changed[at]! ^= 1;
      const header = readLongHeader(changed, 0, changed.length);
      if (header !== undefined)
        expect(
          unprotect(changed, header, initialKeys(1, hex(CONNECTION_ID), true)!, new PacketNumbers()),
        ).toBeUndefined();
    }
    expect(open(SERVER_INITIAL, 1, false)).toBeUndefined();
  });
});
