import { NO_CONVERSATION, type Packet } from "../packet/packet.js";
import { Sender, TOO_SHORT } from "../plugin/hooks.js";
import type { Plugin } from "../plugin/plugin.js";
import type { ConversationTracker } from "./conversation/conversation-tracker.js";
import type { DecoderFaults } from "./decoder-faults.js";
import type { DispatchTable } from "./dispatch-table.js";
import { NOT_RECOGNISED, recogniseSender } from "./recognise-sender.js";

/**
 * Datagrams of a conversation that are offered to probes before the conversation is marked as unrecognized: some protocols begin with
 * others, such as WebRTC with STUN.
 */
const MAX_PROBED = 32;
const UNRECOGNIZED = MAX_PROBED;
const FIRST_PLUGIN = MAX_PROBED + 1;
const NONE = -1;

/** Finds the plugin of UDP conversations on ports that no plugin is bound to, by the plugins' probes, and remembers it. */
export class DatagramRecognition {
  readonly #plugins: readonly Plugin[];
  readonly #probes: readonly number[];
  readonly #tracker: ConversationTracker;
  readonly #faults: DecoderFaults;
  /** By slot: number of datagrams probed without success, up to {@link UNRECOGNIZED}, or the plugin's index from {@link FIRST_PLUGIN} on. */
  readonly #verdicts: Uint8Array;

  constructor(
    plugins: readonly Plugin[],
    dispatch: DispatchTable,
    tracker: ConversationTracker,
    maxConversations: number,
    faults: DecoderFaults,
  ) {
    this.#plugins = plugins;
    this.#probes = dispatch.datagramProbes;
    this.#tracker = tracker;
    this.#faults = faults;
    this.#verdicts = new Uint8Array(this.#probes.length > 0 ? maxConversations : 0);
  }

  /** Index of the plugin whose datagram this is, other than `refusing`; -1 for none. */
  find(packet: Packet, refusing: number): number {
    if (this.#probes.length === 0 || packet.end === packet.start) return NONE;
    this.#tracker.track(packet);
    const slot = packet.conversation;
    if (slot === NO_CONVERSATION) return NONE;
    const verdict = this.#verdicts[slot]!;
    if (verdict >= FIRST_PLUGIN) return verdict - FIRST_PLUGIN;
    if (verdict === UNRECOGNIZED) return NONE;
    for (const index of this.#probes) {
      if (index === refusing || this.#faults.isOff[index] === 1) continue;
      const sender = recogniseSender(this.#plugins[index]!, index, packet, this.#faults, packet.frameNumber);
      if (sender === NOT_RECOGNISED || sender === TOO_SHORT) continue;
      this.#verdicts[slot] = index + FIRST_PLUGIN;
      if (sender !== Sender.Unknown)
        this.#tracker.learnClient(packet, packet.isFromLower === (sender === Sender.Client));
      return index;
    }
    this.#verdicts[slot] = verdict + 1;
    return NONE;
  }

  /** Clears the slot for another conversation. */
  endConversation(slot: number): void {
    if (this.#probes.length > 0) this.#verdicts[slot] = 0;
  }
}
