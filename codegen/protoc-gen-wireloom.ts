import { readFileSync } from "node:fs";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";
import { generate } from "./generate.js";

// A protoc plugin: request on standard input, response on standard output, run from the project's root.
const request = fromBinary(CodeGeneratorRequestSchema, readFileSync(0));
process.stdout.write(toBinary(CodeGeneratorResponseSchema, generate(request, process.cwd())));
