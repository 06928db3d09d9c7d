import { cryptography } from "../../runtime/plugin/index.js";
import type { InitialKeys } from "./initial-keys.js";
import type { LongHeader } from "./long-header.js";
import type { PacketNumbers } from "./packet-number.js";

const SAMPLE_BYTES = 16;
const TAG_BYTES = 16;
/** Last bytes of the nonce, into which the packet number goes (RFC 9001, section 5.3). */
const NONCE_NUMBER_BYTES = 8;
/** Where the sample for the header's mask is taken: four bytes after where the packet number begins. */
const SAMPLE_OFFSET = 4;

/**
 * The payload of an Initial packet in the clear (RFC 9001, sections 5.3 and 5.4), whose number joins `numbers`; undefined if the keys are
 * not the packet's, or it was changed on its way.
 */
export function unprotect(
  bytes: Uint8Array,
  header: LongHeader,
  keys: InitialKeys,
  numbers: PacketNumbers,
): Uint8Array | undefined {
  const { start, numberStart, end } = header;
  const sample = numberStart + SAMPLE_OFFSET;
  if (sample + SAMPLE_BYTES > end) return undefined;
  const { encryptAesBlock, openAesGcm } = cryptography();
  const mask = encryptAesBlock(keys.headerProtection, bytes.subarray(sample, sample + SAMPLE_BYTES));
  const numberBytes = ((bytes[start]! ^ mask[0]!) & 3) + 1;
  const payloadStart = numberStart + numberBytes;
  if (payloadStart > end - TAG_BYTES) return undefined;
  // Copies, of a `Buffer` too, whose slices are views.
  const associated = new Uint8Array(bytes.subarray(start, payloadStart));
  associated[0]! ^= mask[0]! & 0x0f;
  let truncated = 0;
  for (let i = 0; i < numberBytes; i++) {
    const at = numberStart - start + i;
    associated[at]! ^= mask[i + 1]!;
    truncated = truncated * 256 + associated[at]!;
  }
  const number = numbers.expand(truncated, numberBytes);
  const nonce = new Uint8Array(keys.iv);
  const view = new DataView(nonce.buffer, nonce.byteOffset + nonce.length - NONCE_NUMBER_BYTES);
  view.setBigUint64(0, view.getBigUint64(0) ^ number);
  const payload = openAesGcm(keys.key, nonce, associated, bytes.subarray(payloadStart, end));
  if (payload !== undefined) numbers.add(number);
  return payload;
}
