import { compareBytes } from "../../runtime/plugin/index.js";
import { type InitialKeys, initialKeys } from "./initial-keys.js";
import type { LongHeader } from "./long-header.js";
import { PacketNumbers } from "./packet-number.js";
import { unprotect } from "./packet-protection.js";

/** Initial packets of one connection that are decrypted without success, until no more are tried. */
const MAX_FAILURES = 16;

/** Decrypts the Initial packets of one connection, whose keys come from a connection id and change with a Retry. */
export class InitialDecryption {
  #connectionId: Uint8Array;
  #failures = 0;
  /** They continue after a Retry (RFC 9000, section 17.2.5.3). */
  readonly #clientNumbers = new PacketNumbers();
  readonly #serverNumbers = new PacketNumbers();
  /** Keys by version and side, as far as they were needed. */
  readonly #keys = new Map<string, InitialKeys | undefined>();

  /** `connectionId` is the destination of the client's first Initial. */
  constructor(connectionId: Uint8Array) {
    this.#connectionId = connectionId;
  }

  /** After a Retry the client writes to the id that the server gave itself there (RFC 9001, section 5.2). */
  restart(connectionId: Uint8Array): void {
    if (compareBytes(this.#connectionId, connectionId) === 0) return;
    this.#connectionId = connectionId;
    this.#keys.clear();
  }

  /** The payload of an Initial packet; undefined if it cannot be decrypted. */
  decrypt(bytes: Uint8Array, header: LongHeader, isOfServer: boolean): Uint8Array | undefined {
    if (this.#failures >= MAX_FAILURES) return undefined;
    const payload = this.tryDecrypt(bytes, header, isOfServer);
    if (payload === undefined) this.#failures++;
    return payload;
  }

  /** As {@link decrypt}, of a packet that may be another connection's. */
  tryDecrypt(bytes: Uint8Array, header: LongHeader, isOfServer: boolean): Uint8Array | undefined {
    const name = `${header.version} ${isOfServer}`;
    let keys = this.#keys.get(name);
    if (keys === undefined) {
      keys = initialKeys(header.version, this.#connectionId, isOfServer);
      if (keys === undefined) return undefined;
      this.#keys.set(name, keys);
    }
    return unprotect(bytes, header, keys, isOfServer ? this.#serverNumbers : this.#clientNumbers);
  }
}
