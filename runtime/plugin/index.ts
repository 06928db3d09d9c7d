/**
 * The plugin API: everything that a decoder imports. Nothing here runs a plugin; `runtime/engine` does.
 *
 * @module
 */

export { TunnelKind } from "../../generated/wireloom/v1/observation_enums.js";
export { ascii, equalsText, indexOfByte, lowerCase } from "../bytes/ascii.js";
export { int32, uint16, uint24, uint32 } from "../bytes/big-endian.js";
export { ByteNames, byteNameSet } from "../bytes/byte-names.js";
export { compareBytes } from "../bytes/compare.js";
export { finishHash, hashWord, PROCESS_HASH_KEY } from "../bytes/hash-key.js";
export { formatHex, parseHex } from "../bytes/hexadecimal.js";
export { encodeText, latin1Text } from "../bytes/text.js";
export { writeCommunityId } from "../packet/community-id.js";
export { ConversationEndpoints } from "../packet/conversation-endpoints.js";
export { decodeLayers } from "../packet/decode-layers.js";
export { enterPayload } from "../packet/enter-payload.js";
export { enterTunnel } from "../packet/enter-tunnel.js";
export { decodeEtherType, EtherType } from "../packet/ether-type.js";
export { boundedIpLayer, exactIpLayer, ipHeaderLayer } from "../packet/ip-header.js";
export { IpProtocol } from "../packet/ip-protocol.js";
export { Layer } from "../packet/layer.js";
export type { LayerDecoder } from "../packet/layer-decoder.js";
export { isLikelyFrame } from "../packet/likely-frame.js";
export type { LinkTypeDecoder } from "../packet/link/link-type-decoder.js";
export { LinkType } from "../packet/link-type.js";
export { type Datagram, NO_CONVERSATION, Packet } from "../packet/packet.js";
export { MAX_SURE_BYTES } from "../packet/sequence-doubt.js";
export { SequenceDoubts } from "../packet/sequence-doubts.js";
export { TcpFlag } from "../packet/tcp-flag.js";
export { FIRST_PLUGIN_KIND, type Tunnel } from "../packet/tunnel/tunnel.js";
export { allocateAlignedNumbers } from "../record/aligned-numbers.js";
export { ByteSlot } from "../record/byte-slot.js";
export { skipName, writeName } from "../record/domain-name.js";
export { writeText, writeTextByte, writeUtf8Text } from "../record/escaped-text.js";
export { ByteList, NumberList } from "../record/lists.js";
export { nanosecondsBetween } from "../record/nanoseconds-between.js";
export { Timestamp } from "../record/timestamp.js";
export { ConversationEnd } from "./conversation-end.js";
export { CREDENTIAL_FIELDS } from "./credential-fields.js";
export { type Cryptography, cryptography, provideCryptography } from "./cryptography.js";
export type { EventRecord } from "./event-record.js";
export {
  type Connection,
  type DatagramDecoder,
  type FrameDecoder,
  type ObserverOutput,
  type PacketObserver,
  type PacketObserverFactory,
  type Payload,
  type Probe,
  Sender,
  type StreamDecoder,
  type StreamDecoderFactory,
  type StreamSegment,
  StreamVerdict,
  TOO_SHORT,
} from "./hooks.js";
export type { Output } from "./output.js";
export { definePlugin, type Plugin } from "./plugin.js";
export { NO_ANSWERED, ResponseOrder } from "./response-order.js";
export { Verdict } from "./verdict.js";
