import { OPERATOR_NAMES, OPERATORS } from "../../runtime/schema/operators.js";
import { buildOperatorFile, OPERATOR_FILE } from "../read/build-service.js";
import type { Emitter } from "./emitter.js";
import { printProto } from "./print-proto.js";

/** Writes `<file>_service.proto` of each service and `operator.proto`, for clients in other languages. */
export const services: Emitter = {
  emit({ plugins }, output) {
    const comments = OPERATOR_NAMES.map(
      (name) => [`OPERATOR_${name.toUpperCase()}`, `Finds ${OPERATORS[name].finds}.`] as const,
    );
    output.text(OPERATOR_FILE, printProto(buildOperatorFile(), "runtime/schema/operators.ts", new Map(comments)));
    for (const { service } of plugins) {
      const { file, message } = service;
      output.text(file.name, printProto(file, `${message.desc.file.name}.proto`));
    }
  },
};
