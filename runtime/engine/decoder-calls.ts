import { NO_CONVERSATION, type Packet } from "../packet/packet.js";
import type { EventRecord } from "../plugin/event-record.js";
import type { DatagramDecoder, FrameDecoder } from "../plugin/hooks.js";
import type { Plugin } from "../plugin/plugin.js";
import { Verdict } from "../plugin/verdict.js";
import type { ConversationTracker } from "./conversation/conversation-tracker.js";
import type { DecoderFaults } from "./decoder-faults.js";
import type { EventOutput } from "./rows/event-output.js";

/** In place of a verdict if the plugin is switched off. */
const SKIPPED = 4 as Verdict;

/** Calls the plugins' decoders of datagrams and frames, and counts the verdicts; errors are counted, and processing of the packet continues. */
export class DecoderCalls {
  readonly #outputs: readonly EventOutput[];
  readonly #datagramDecoders: (DatagramDecoder<EventRecord> | undefined)[];
  readonly #frameDecoders: (FrameDecoder<EventRecord> | undefined)[];
  readonly #tracker: ConversationTracker;
  readonly #faults: DecoderFaults;
  /** By plugin: connections that its decoder recognized. */
  readonly acceptedConnections: Float64Array;
  /** Four counters for each plugin, by {@link Verdict}. */
  readonly #verdicts: Float64Array;

  constructor(
    plugins: readonly Plugin[],
    outputs: readonly EventOutput[],
    tracker: ConversationTracker,
    faults: DecoderFaults,
  ) {
    this.#outputs = outputs;
    this.#datagramDecoders = plugins.map(({ decodeDatagram }) => decodeDatagram);
    this.#frameDecoders = plugins.map(({ decodeFrame }) => decodeFrame);
    this.#tracker = tracker;
    this.#faults = faults;
    this.acceptedConnections = new Float64Array(plugins.length);
    this.#verdicts = new Float64Array(plugins.length * 4);
  }

  /** Number of verdicts of a plugin. */
  countOf(plugin: number, verdict: Verdict): number {
    return this.#verdicts[plugin * 4 + verdict]!;
  }

  /** Number of verdicts of one kind of a plugin; a stream decoder counts once for each connection. */
  countOfAll(plugin: number): number {
    let sum = 0;
    for (let verdict = 0; verdict < 4; verdict++) sum += this.#verdicts[plugin * 4 + verdict]!;
    return sum;
  }

  /** Counts the verdict of a stream decoder. */
  countConnection(plugin: number, verdict: Verdict): void {
    this.#verdicts[plugin * 4 + verdict]!++;
    if (verdict === Verdict.Accepted) this.acceptedConnections[plugin]!++;
  }

  /** Calls a plugin's decoder with the datagram in the packet. */
  decodeDatagram(index: number, packet: Packet): Verdict {
    const output = this.#outputs[index]!;
    let verdict: Verdict;
    try {
      verdict = this.#datagramDecoders[index]!(packet, output);
      if (verdict === Verdict.Accepted) output.settle();
    } catch (error) {
      return this.#fail(index, packet, "decodeDatagram", error);
    }
    this.#judge(index, output, packet, verdict, "decodeDatagram");
    return verdict;
  }

  /** Calls a plugin's decoder with the bytes after the packet's Ethernet or IP header. */
  decodeFrame(index: number, packet: Packet): void {
    const output = this.#outputs[index]!;
    let verdict: Verdict;
    try {
      verdict = this.#frameDecoders[index]!(packet, output);
      if (verdict === Verdict.Accepted) output.settle();
    } catch (error) {
      this.#fail(index, packet, "decodeFrame", error);
      return;
    }
    this.#judge(index, output, packet, verdict, "decodeFrame");
  }

  /** Counts a plugin's later packets as skipped. */
  switchOff(plugin: number): void {
    const output = this.#outputs[plugin]!;
    const skip = () => {
      output.skippedPackets++;
      return SKIPPED;
    };
    this.#datagramDecoders[plugin] = skip;
    this.#frameDecoders[plugin] = skip;
  }

  #judge(index: number, output: EventOutput, packet: Packet, verdict: Verdict, hook: string): void {
    if (verdict === Verdict.Accepted) {
      this.#verdicts[index * 4]!++;
      packet.application = index + 1;
      if (packet.conversation !== NO_CONVERSATION) this.#tracker.setApplication(packet.conversation, index + 1);
      return;
    }
    output.discard();
    // A decoder in plain JavaScript may return any value, including a bigint.
    if (typeof verdict === "number" && (verdict & 3) === verdict) this.#verdicts[index * 4 + verdict]!++;
    else if (this.#faults.isOff[index] === 0) {
      this.#faults.returned(index, hook, verdict, "a Verdict", packet.frameNumber);
    }
  }

  /** Counts an error of a hook, and discards its changes to the packet's conversation. The packet is not offered to another plugin. */
  #fail(index: number, packet: Packet, hook: string, error: unknown): Verdict {
    this.#outputs[index]!.discard();
    this.#tracker.dropState(packet, index);
    this.#faults.thrown(index, hook, error, packet.frameNumber);
    return Verdict.Malformed;
  }
}
