import type { Difference } from "../../../test/conformance/difference.js";
import { hasValue } from "../../../test/conformance/tshark-frame.js";

/** Extension of a ClientHello (RFC 9345, section 9.1). */
const DELEGATED_CREDENTIAL = "34";

/** Whether tshark lists the algorithms of delegated credentials with those of the handshake, and ours are the latter. */
export function isOfDelegatedCredentials({ ours, evidence }: Difference): boolean {
  const all = evidence.frame?.["tls.handshake.sig_hash_alg"] ?? [];
  const own = ours.split(" | ");
  const isPart = [...all.keys()].some((at) => own.every((algorithm, i) => Number(all[at + i]) === Number(algorithm)));
  return isPart && hasValue(evidence.frame, "tls.handshake.extension.type", DELEGATED_CREDENTIAL);
}
