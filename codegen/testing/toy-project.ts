import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { create, fromBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { expect } from "vitest";
import { generate } from "../generate.js";
import { LOCK_FILE } from "../read/schema-lock.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The proto of a plugin without mistakes. */
export const PROTO = `syntax = "proto3";

package wireloom.toy.v1;

import "wireloom/v1/annotations.proto";
import "wireloom/v1/observation.proto";

// One toy message.
message Toy {
  option (wireloom.v1.event) = {
    resource: "toy"
    title: "Toy"
    udp_ports: 9999
  };
  wireloom.v1.Observation observation = 1;
  uint32 size = 2;
  optional string label = 3 [(wireloom.v1.field) = {max_bytes: 20}];
}
`;

/** The decoder of {@link PROTO}. */
export const DECODER = `import type { ToyRecord } from "../../generated/toy/record.js";
import { type DatagramDecoder, Verdict } from "../../runtime/plugin/index.js";

export const decodeDatagram: DatagramDecoder<ToyRecord> = (datagram, out) => {
  out.emit();
  return Verdict.Accepted;
};
`;

/** The exit code of a generation and its errors. */
export interface Generated {
  readonly status: number | null;
  readonly stderr: string;
}

/**
 * A project with one plugin in its own folder, and this project's protos, runtime and codegen. With `copiesSources` it has copies of runtime
 * and codegen, which a test may change and {@link ToyProject.generateWithBuf} runs.
 */
export class ToyProject {
  readonly folder = mkdtempSync(join(tmpdir(), "wireloom-codegen-"));

  constructor({ copiesSources = false } = {}) {
    cpSync(join(root, "proto"), join(this.folder, "proto"), { recursive: true });
    cpSync(join(root, "scripts"), join(this.folder, "scripts"), { recursive: true });
    cpSync(join(root, "buf.yaml"), join(this.folder, "buf.yaml"));
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    if (copiesSources) {
      for (const name of ["runtime", "codegen"]) cpSync(join(root, name), join(this.folder, name), { recursive: true });
    } else symlinkSync(join(root, "runtime"), join(this.folder, "runtime"));
    cpSync(join(root, "package.json"), join(this.folder, "package.json"));
    const plugin = join(copiesSources ? this.folder : root, "codegen", "protoc-gen-wireloom.ts");
    writeFileSync(
      join(this.folder, "buf.gen.yaml"),
      `version: v2\nclean: true\nplugins:\n  - local: [node, --import, tsx, ${JSON.stringify(plugin)}]\n    out: generated\n    strategy: all\n`,
    );
  }

  /**
   * Writes the plugin's files and generates in this process from the output of buf, instead of in processes started by `buf generate`; returns
   * the exit code and the errors. Throws on a bug of the generator.
   */
  generate(proto: string, decoder: string | null, others: Readonly<Record<string, string>> = {}): Generated {
    this.#writePlugins(proto, decoder, others);
    const { status, stdout, stderr } = this.#buf("build", "--as-file-descriptor-set", "--output", "-");
    if (status !== 0) return { status, stderr: stderr.toString() };
    const protoFile = fromBinary(FileDescriptorSetSchema, stdout).file;
    const fileToGenerate = protoFile.map(({ name }) => name).filter((name) => !name.startsWith("google/"));
    const request = create(CodeGeneratorRequestSchema, { protoFile, fileToGenerate });
    const { error, file } = generate(request, this.folder);
    if (error !== undefined && error !== "") return { status: 1, stderr: error };
    this.#empty();
    for (const { name, content } of file) this.write(name, content);
    return { status: 0, stderr: "" };
  }

  /** Writes the plugin's files and runs `buf generate`, which starts the generator as in the project. */
  generateWithBuf(proto: string, decoder: string | null, others: Readonly<Record<string, string>> = {}): Generated {
    this.#writePlugins(proto, decoder, others);
    const { status, stderr } = this.#buf("generate");
    return { status, stderr: stderr.toString() };
  }

  /** Writes the plugin's files and runs the script of `npm run generate`. */
  generateWithScript(proto: string): Generated & { readonly stdout: string } {
    this.#writePlugins(proto, DECODER, {});
    const { status, stdout, stderr } = spawnSync(process.execPath, [join("scripts", "generate.mjs")], {
      cwd: this.folder,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  }

  #writePlugins(proto: string, decoder: string | null, others: Readonly<Record<string, string>>): void {
    const lock = this.#lockPath();
    const locked =
      statSync(lock, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(lock, "utf8") : undefined;
    rmSync(join(this.folder, "plugins"), { recursive: true, force: true });
    const files: Record<string, string> = { "toy/toy.proto": proto, ...others };
    if (locked !== undefined) files[`toy/${LOCK_FILE}`] = locked;
    if (decoder !== null) files["toy/decoder.ts"] = decoder;
    for (const [path, content] of Object.entries(files)) {
      const absolute = join(this.folder, "plugins", path);
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, content);
    }
  }

  #buf(...args: readonly string[]) {
    return spawnSync(join(root, "node_modules", ".bin", "buf"), args, { cwd: this.folder, maxBuffer: 1 << 26 });
  }

  /** Generates a plugin that must be refused, and returns the errors. */
  refusal(proto: string, decoder: string | null = DECODER): string {
    return this.refused(this.generate(proto, decoder));
  }

  /** The errors of a plugin that must have been refused; they must not show a stack trace. */
  refused({ status, stderr }: Generated): string {
    expect(status).not.toBe(0);
    expect(stderr).not.toMatch(/\n\s+at /);
    return stderr;
  }

  /** Runs a script in the folder of the generated code, with `input` as its standard input. */
  run(name: string, script: string, input = "") {
    writeFileSync(join(this.folder, name), script);
    const command = ["--import", import.meta.resolve("tsx"), name];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      cwd: this.folder,
      encoding: "utf8",
      input,
    });
    return { status, stdout, stderr };
  }

  /** A generated file. */
  read(path: string): string {
    return readFileSync(join(this.folder, "generated", path), "utf8");
  }

  /** Writes or replaces a generated file. */
  write(path: string, content: string): void {
    const absolute = join(this.folder, "generated", path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, content);
  }

  /** The generated files by their paths. */
  files(): Record<string, string> {
    const generated = join(this.folder, "generated");
    const paths = readdirSync(generated, { recursive: true, encoding: "utf8" }).toSorted();
    const found = paths.filter((path) => statSync(join(generated, path)).isFile());
    return Object.fromEntries(found.map((path) => [path, this.read(path)]));
  }

  /** Removes all generated files and the lock file. */
  forget(): void {
    this.#empty();
    rmSync(this.#lockPath(), { force: true, recursive: true });
  }

  #empty(): void {
    rmSync(join(this.folder, "generated"), { recursive: true, force: true });
  }

  /** The plugin's lock file. */
  readLock(): string {
    return readFileSync(this.#lockPath(), "utf8");
  }

  /** Replaces the plugin's lock file. */
  writeLock(content: string): void {
    writeFileSync(this.#lockPath(), content);
  }

  #lockPath(): string {
    return join(this.folder, "plugins", "toy", LOCK_FILE);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Number of the line in which `part` begins. */
export function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}
