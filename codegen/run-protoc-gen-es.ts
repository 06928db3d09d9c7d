import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type CodeGeneratorResponse,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";

/**
 * Runs protoc-gen-es as buf would: request on standard input, response on standard output. The request may hold files
 * that no disk does.
 */
export function runProtocGenEs(request: CodeGeneratorRequest): CodeGeneratorResponse {
  const script = createRequire(import.meta.url).resolve("@bufbuild/protoc-gen-es/bin/protoc-gen-es");
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [script], {
    input: toBinary(CodeGeneratorRequestSchema, {
      ...request,
      parameter: "target=ts,import_extension=js,erasable_syntax=true",
    }),
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`protoc-gen-es failed: ${error?.message ?? stderr.toString().trim()}`);
  return fromBinary(CodeGeneratorResponseSchema, stdout);
}
