import type { Packet } from "../packet/packet.js";
import type { ConversationEnd } from "../plugin/conversation-end.js";
import type { PacketObserver } from "../plugin/hooks.js";
import type { Plugin } from "../plugin/plugin.js";
import { WireloomError } from "../wireloom-error.js";
import type { DecoderFaults } from "./decoder-faults.js";
import type { EventOutput } from "./rows/event-output.js";

const HOOK = "createPacketObserver";

/** The packet observers of all plugins, which see every packet; errors of one are counted, and the others continue. */
export class PacketObservers {
  readonly #observers: PacketObserver[] = [];
  /** Plugin index of each observer. */
  readonly #plugins: number[] = [];
  /** Output of each observer. */
  readonly #outputs: EventOutput[] = [];
  readonly #faults: DecoderFaults;

  /** Throws if an observer's factory throws a `WireloomError`, such as for an invalid setting. */
  constructor(plugins: readonly Plugin[], outputs: readonly EventOutput[], faults: DecoderFaults) {
    this.#faults = faults;
    for (const [index, { createPacketObserver }] of plugins.entries()) {
      if (createPacketObserver === undefined) continue;
      let observer: unknown;
      try {
        observer = createPacketObserver(outputs[index]!);
        outputs[index]!.settleObserverFactory();
      } catch (error) {
        if (error instanceof WireloomError) throw error;
        faults.disable(index);
        faults.thrown(index, HOOK, error, 0);
        continue;
      }
      if (isObserver(observer)) {
        this.#observers.push(observer);
        this.#plugins.push(index);
        this.#outputs.push(outputs[index]!);
      } else {
        faults.disable(index);
        faults.returned(index, HOOK, observer, "an observer with observe and endConversation", 0);
      }
    }
  }

  get isEmpty(): boolean {
    return this.#observers.length === 0;
  }

  /** Most likely, packets of the conversations in the first `count` of `slots` come next; `packet` is the first one. */
  readAhead(slots: Int32Array, count: number, packet: Packet): void {
    const observers = this.#observers;
    for (let i = 0; i < observers.length; i++) {
      try {
        observers[i]!.readAhead?.(slots, count);
        this.#outputs[i]!.settleObserver();
      } catch (error) {
        this.#fail(i, "readAhead", error, packet);
      }
    }
  }

  observe(packet: Packet): void {
    const observers = this.#observers;
    for (let i = 0; i < observers.length; i++) {
      try {
        observers[i]!.observe(packet);
        this.#outputs[i]!.settleObserver();
      } catch (error) {
        this.#fail(i, "observe", error, packet);
      }
    }
  }

  /**
   * The packet observed last arrived at `now` at the latest; see {@link PacketObserver.rewind}. Error reports name `packet`, the one
   * after it.
   */
  rewind(now: number, packet: Packet): void {
    const observers = this.#observers;
    for (let i = 0; i < observers.length; i++) {
      try {
        observers[i]!.rewind?.(now);
        this.#outputs[i]!.settleObserver();
      } catch (error) {
        this.#fail(i, "rewind", error, packet);
      }
    }
  }

  /** Reports the end of a conversation; `packet` is the current packet. */
  endConversation(slot: number, end: ConversationEnd, packet: Packet): void {
    const observers = this.#observers;
    for (let i = 0; i < observers.length; i++) {
      try {
        observers[i]!.endConversation(slot, end);
        this.#outputs[i]!.settleObserver();
      } catch (error) {
        this.#fail(i, "endConversation", error, packet);
      }
    }
  }

  #fail(observer: number, hook: string, error: unknown, { frameNumber }: Packet): void {
    const plugin = this.#plugins[observer]!;
    const output = this.#outputs[observer]!;
    output.discard();
    this.#faults.thrown(plugin, hook, error, frameNumber);
    if (this.#faults.isOff[plugin] === 0) return;
    this.#observers[observer] = {
      observe: () => {
        output.skippedPackets++;
      },
      endConversation: () => undefined,
    };
  }
}

function isObserver(value: unknown): value is PacketObserver {
  const { observe, endConversation } = (value ?? {}) as Partial<PacketObserver>;
  return typeof observe === "function" && typeof endConversation === "function";
}
