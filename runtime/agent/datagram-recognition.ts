import type { ConversationTracker } from "../conversation/conversation-tracker.js";
import { NO_CONVERSATION, type Packet } from "../packet/packet.js";
import type { DispatchTable } from "../plugin/dispatch-table.js";
import type { Plugin } from "../plugin/plugin.js";

/** Datagrams of a conversation that probes see before it is nobody's. */
const MOST_PROBED = 4;
const NOBODY = MOST_PROBED;
const FIRST_PLUGIN = MOST_PROBED + 1;
const NONE = -1;

/** Finds the plugin of UDP conversations on ports that are nobody's, by the plugins' probes, and remembers it. */
export class DatagramRecognition {
  readonly #plugins: readonly Plugin[];
  readonly #probes: readonly number[];
  readonly #tracker: ConversationTracker;
  /** By slot: how many datagrams were probed in vain, up to {@link NOBODY}, or the plugin's index from {@link FIRST_PLUGIN} on. */
  readonly #verdicts: Uint8Array;

  constructor(
    plugins: readonly Plugin[],
    dispatch: DispatchTable,
    tracker: ConversationTracker,
    maxConversations: number,
  ) {
    this.#plugins = plugins;
    this.#probes = dispatch.datagramProbes;
    this.#tracker = tracker;
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
    if (verdict === NOBODY) return NONE;
    for (const index of this.#probes) {
      if (index !== refusing && this.#plugins[index]!.probe!(packet)) {
        this.#verdicts[slot] = index + FIRST_PLUGIN;
        return index;
      }
    }
    this.#verdicts[slot] = verdict + 1;
    return NONE;
  }

  /** The slot is another conversation's afterwards. */
  endConversation(slot: number): void {
    if (this.#probes.length > 0) this.#verdicts[slot] = 0;
  }
}
