import type { Packet } from "../packet/packet.js";
import type { BothTags } from "./conversation/direction-tags.js";
import type { ProxiedClient } from "./conversation/proxied-client.js";
import type { TagRule } from "./conversation/tag-rule.js";
import type { RedactionOptions } from "./redaction/redaction-action.js";
import type { RowIdentity } from "./rows/row-identity.js";

/** Gives access to the state of conversations, for as long as they last. */
export interface ConversationStates {
  /** VLANs and tunnels of the packet's conversation if its directions were seen with different ones. */
  tags(packet: Readonly<Packet>): BothTags | undefined;
  /** The client of the packet's conversation as named by a PROXY header; undefined without one. */
  proxiedClient(packet: Readonly<Packet>): ProxiedClient | undefined;
  /** Whether the packet's sender is the client of the conversation in `slot`; see `ObserverOutput.isFromClient`. */
  isFromClient(packet: Readonly<Packet>, slot: number): boolean;
  /** Records which side of the packet's conversation is the client, as found by a decoder. */
  learnClient(packet: Readonly<Packet>, isLower: boolean): void;
  /** State that plugin number `plugin` keeps for the packet's conversation, made by `create` at the first call. */
  state<State extends object>(packet: Packet, plugin: number, create: () => State): State;
}

/** What all outputs of one capture share. */
export interface CaptureContext {
  /** The packet that is being decoded, or its substitute when a stream is delivered without a packet. */
  packet: Packet;
  /** Maximum number of concurrent conversations. */
  readonly maxConversations: number;
  /** Maximum bytes of open requests of one plugin. */
  readonly maxPendingBytes: number;
  /** How VLANs and tunnels distinguish requests of the same addresses. */
  readonly tagRule: TagRule;
  readonly identity: RowIdentity;
  /** UTF-8 names of the sources' interfaces, by the index that packets have (`interfaceNameIndex`). */
  readonly interfaceNames: readonly Uint8Array[];
  /** Receives each row's plugin index as the row is made, if the rows of all plugins are needed in one order. */
  readonly order: number[] | undefined;
  /** State of conversations. */
  readonly conversations: ConversationStates;
  /** Decoder option values given by the user, by `resource.name`. */
  readonly settings: ReadonlyMap<string, string>;
  /** How sensitive values are redacted. */
  readonly redaction: RedactionOptions;
  /** Resource names by {@link Packet.application}. */
  readonly applicationNames: readonly string[];
}
