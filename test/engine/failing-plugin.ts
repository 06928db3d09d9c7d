import { registry } from "../../generated/registry.js";
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

/** One of {@link FAILING_HOOKS}. */
export type FailingHook = (typeof FAILING_HOOKS)[number];

/** A plugin on UDP port 9, TCP port 9 and IP protocol 253 whose hook does `fail` and whose other hooks do nothing. */
export function failingPlugin(hook: FailingHook, fail: () => unknown): Plugin {
  const base = findPlugin(registry.plugins, "ntp");
  // What a hook returns is to be wrong here.
  const run = <Result>(name: FailingHook, otherwise: Result) => (name === hook ? (fail() as Result) : otherwise);
  return definePlugin({
    ...base,
    table: { ...base.table, resource: "failing" },
    bindings: { udpPorts: [9], tcpPorts: [9], ethertypes: [], ipProtocols: [253], everyPacket: true },
    decodeDatagram: () => run("decodeDatagram", Verdict.NotMine),
    decodeFrame: () => run("decodeFrame", Verdict.Accepted),
    probe: () => run("probe", false),
    createStreamDecoder: () =>
      run("createStreamDecoder", {
        decode: ({ start, end }) => run("decode", end - start),
        gap: () => run("gap", undefined),
        end: () => run("end", undefined),
      }),
    createPacketObserver: () => ({
      observe: () => run("observe", undefined),
      endConversation: () => run("endConversation", undefined),
    }),
  });
}

/** Throws, as a decoder with a mistake does. */
export function throwMistake(): never {
  throw new TypeError("cannot read properties of undefined");
}
