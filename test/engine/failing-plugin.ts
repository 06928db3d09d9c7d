import { registry } from "../../generated/registry.js";
import type { EventRecord } from "../../runtime/plugin/event-record.js";
import type { ObserverOutput } from "../../runtime/plugin/hooks.js";
import type { Output } from "../../runtime/plugin/output.js";
import { definePlugin, type Plugin } from "../../runtime/plugin/plugin.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { Verdict } from "../../runtime/plugin/verdict.js";

/** The hooks that a plugin of a test may fail in; those of a stream's decoder are by their own names. */
export const FAILING_HOOKS = [
  "decodeDatagram",
  "decodeFrame",
  "createStreamDecoder",
  "decode",
  "gap",
  "end",
  "probe",
  "observe",
  "endConversation",
] as const;

/** The output of a hook: of an observer, or of the others. */
export type FailingOutput = Output<EventRecord> | ObserverOutput<EventRecord>;

/** One of {@link FAILING_HOOKS}. */
export type FailingHook = (typeof FAILING_HOOKS)[number];

/**
 * A plugin on UDP port 9, TCP port 9 and IP protocol 253 whose hook does `fail` and whose other hooks do nothing. `fail` gets the output
 * that the hook has; `probe` has none.
 */
export function failingPlugin(hook: FailingHook, fail: (out: FailingOutput) => unknown): Plugin {
  const base = findPlugin(registry.plugins, "ntp");
  // What a hook returns is to be wrong here.
  const run = <Result>(name: FailingHook, otherwise: Result, out?: FailingOutput) =>
    name === hook ? (fail(out!) as Result) : otherwise;
  return definePlugin({
    ...base,
    table: { ...base.table, resource: "failing" },
    bindings: { udpPorts: [9], tcpPorts: [9], ethertypes: [], ipProtocols: [253], everyPacket: true },
    decodeDatagram: (_, out) => run("decodeDatagram", Verdict.NotMine, out),
    decodeFrame: (_, out) => run("decodeFrame", Verdict.Accepted, out),
    probe: () => run("probe", false),
    createStreamDecoder: (_, out) =>
      run(
        "createStreamDecoder",
        {
          decode: ({ start, end }) => run("decode", end - start, out),
          gap: () => run("gap", undefined, out),
          end: () => run("end", undefined, out),
        },
        out,
      ),
    createPacketObserver: (out) => ({
      observe: () => run("observe", undefined, out),
      endConversation: () => run("endConversation", undefined, out),
    }),
  });
}

/** Throws, as a decoder with a mistake does. */
export function throwMistake(): never {
  throw new TypeError("cannot read properties of undefined");
}
