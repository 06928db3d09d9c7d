import type { Packet } from "../packet/packet.js";
import type { BothTags } from "./conversation/direction-tags.js";
import type { ProxiedClient } from "./conversation/proxied-client.js";
import type { TagRule } from "./conversation/tag-rule.js";
import type { RedactionOptions } from "./redaction/redaction-action.js";
import type { RowIdentity } from "./rows/row-identity.js";

/** Holds what plugins keep of conversations, for as long as those last. */
export interface ConversationStates {
  /** VLANs and tunnels of the packet's conversation, where its directions were seen under different ones. */
  tags(packet: Readonly<Packet>): BothTags | undefined;
  /** The client that a proxy speaks for in the packet's conversation, undefined for none. */
  proxiedClient(packet: Readonly<Packet>): ProxiedClient | undefined;
  /** True where the packet's sender is the client of the conversation in `slot`; see `ObserverOutput.isFromClient`. */
  isFromClient(packet: Readonly<Packet>, slot: number): boolean;
  /** A decoder knows which side of the packet's conversation is the client. */
  learnClient(packet: Readonly<Packet>, isLower: boolean): void;
  /** What plugin number `plugin` keeps of the packet's conversation, made by `create` where it keeps nothing yet. */
  state<State extends object>(packet: Packet, plugin: number, create: () => State): State;
}

/** What all outputs of one capture share. */
export interface CaptureContext {
  /** The packet that is being decoded, or one that stands for it where a stream is delivered without one. */
  packet: Packet;
  /** Conversations at once, at most. */
  readonly maxConversations: number;
  /** Bytes of open requests that one plugin may hold. */
  readonly maxPendingBytes: number;
  /** How VLANs and tunnels distinguish requests of the same addresses. */
  readonly tagRule: TagRule;
  readonly identity: RowIdentity;
  /** UTF-8 names of the sources' interfaces, by the index that packets have (`interfaceNameIndex`). */
  readonly interfaceNames: readonly Uint8Array[];
  /** Takes each row's plugin index as it is made, where someone wants the rows of all plugins in one order. */
  readonly order: number[] | undefined;
  /** What plugins keep of conversations. */
  readonly conversations: ConversationStates;
  /** Values that the user gave decoder options, by `resource.name`. */
  readonly settings: ReadonlyMap<string, string>;
  /** What is done with sensitive values. */
  readonly redaction: RedactionOptions;
  /** Resource names by {@link Packet.application}. */
  readonly applicationNames: readonly string[];
}
