import type { DescFile } from "@bufbuild/protobuf";
import { Edition } from "@bufbuild/protobuf/wkt";
import type { Diagnostics } from "./diagnostics.js";
import { lineOfSyntax, projectPath } from "./source-location.js";

/**
 * Checks the head of a file that declares an event or a group: that it has a package, and is in proto3, whose rules for zero values and packed
 * lists the codecs have.
 */
export function checkFile(file: DescFile, diagnostics: Diagnostics): void {
  const path = projectPath(file);
  const line = lineOfSyntax(file);
  if (file.edition !== Edition.EDITION_PROTO3)
    diagnostics.report(path, line, 'only proto3 is supported; write syntax = "proto3";');
  if (file.proto.package === "") {
    const folder = file.name.split("/")[0]!;
    diagnostics.report(path, line, `the file has no package; write package wireloom.${folder}.v1;`);
  }
}
