import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type CodeGeneratorResponse,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";

/** Files whose messages also get a type of their JSON form: columns carry annotations in it. */
const WITH_JSON_TYPES: ReadonlySet<string> = new Set(["wireloom/v1/annotations.proto"]);

/**
 * Runs protoc-gen-es as buf does: request on standard input, response on standard output. The request may contain files that do not exist on
 * disk.
 */
export function runProtocGenEs(request: CodeGeneratorRequest): CodeGeneratorResponse {
  const withJson = request.fileToGenerate.filter((name) => WITH_JSON_TYPES.has(name));
  const others = request.fileToGenerate.filter((name) => !WITH_JSON_TYPES.has(name));
  const response = run(request, others, "");
  return { ...response, file: [...response.file, ...run(request, withJson, ",json_types=true").file] };
}

function run(request: CodeGeneratorRequest, fileToGenerate: string[], option: string): CodeGeneratorResponse {
  const script = createRequire(import.meta.url).resolve("@bufbuild/protoc-gen-es/bin/protoc-gen-es");
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [script], {
    input: toBinary(CodeGeneratorRequestSchema, {
      ...request,
      fileToGenerate,
      parameter: `target=ts,import_extension=js,erasable_syntax=true${option}`,
    }),
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`protoc-gen-es failed: ${error?.message ?? stderr.toString().trim()}`);
  return fromBinary(CodeGeneratorResponseSchema, stdout);
}
