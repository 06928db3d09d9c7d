import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import type { AnnotationReader } from "./annotation-reader.js";
import type { Diagnostics } from "./diagnostics.js";
import { lineOf, projectPath } from "./source-location.js";

/** Reports annotations that nothing reads, which would otherwise have no effect. */
export function checkAnnotations(file: DescFile, annotations: AnnotationReader, diagnostics: Diagnostics): void {
  const path = projectPath(file);
  const check = (message: DescMessage): void => {
    const isEvent = annotations.event(message) !== undefined;
    const isGroup = annotations.isGroup(message);
    if (isEvent && message.parent !== undefined) {
      const problem = `message ${message.name}: an event cannot be nested in ${message.parent.name}; move it to the top level of its own file`;
      diagnostics.report(path, lineOf(message), problem);
    }
    if (isEvent && isGroup) {
      const problem = `message ${message.name}: a message is an event or a group, not both; remove one of the options`;
      diagnostics.report(path, lineOf(message), problem);
    }
    for (const field of message.fields) {
      if (!annotations.isAnnotated(field)) continue;
      const fail = (text: string) => diagnostics.report(path, lineOf(field), `field ${field.name}: ${text}`);
      if (!isEvent && !isGroup) {
        const remedy = "remove it, or add the option (wireloom.v1.group) to the message";
        fail(`(wireloom.v1.field) has no effect, because ${message.name} is not an event or a group; ${remedy}`);
      } else if (field.message !== undefined && annotations.isGroup(field.message)) {
        fail(`(wireloom.v1.field) has no effect on a group; annotate the fields of ${field.message.name} instead`);
      }
    }
    for (const nested of message.nestedMessages) check(nested);
  };
  for (const message of file.messages) check(message);
}
