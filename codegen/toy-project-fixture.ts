import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

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
import type { DatagramDecoder } from "../../runtime/plugin/hooks.js";
import { Verdict } from "../../runtime/plugin/verdict.js";

export const decodeDatagram: DatagramDecoder<ToyRecord> = (datagram, out) => {
  out.emit();
  return Verdict.Accepted;
};
`;

/** A project of one plugin in a folder of its own, with this project's protos and codegen. */
export class ToyProject {
  readonly folder = mkdtempSync(join(tmpdir(), "wireloom-codegen-"));

  constructor() {
    cpSync(join(root, "proto"), join(this.folder, "proto"), { recursive: true });
    cpSync(join(root, "buf.yaml"), join(this.folder, "buf.yaml"));
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    symlinkSync(join(root, "runtime"), join(this.folder, "runtime"));
    cpSync(join(root, "package.json"), join(this.folder, "package.json"));
    const plugin = join(root, "codegen", "protoc-gen-wireloom.ts");
    writeFileSync(
      join(this.folder, "buf.gen.yaml"),
      `version: v2\nclean: true\nplugins:\n  - local: [node, --import, tsx, ${JSON.stringify(plugin)}]\n    out: generated\n    strategy: all\n`,
    );
  }

  /** Writes the plugin's files and generates; returns the exit code and the errors of buf. */
  generate(proto: string, decoder: string | null, others: Readonly<Record<string, string>> = {}) {
    rmSync(join(this.folder, "plugins"), { recursive: true, force: true });
    const files: Record<string, string> = { "toy/toy.proto": proto, ...others };
    if (decoder !== null) files["toy/decoder.ts"] = decoder;
    for (const [path, content] of Object.entries(files)) {
      const absolute = join(this.folder, "plugins", path);
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, content);
    }
    const buf = join(root, "node_modules", ".bin", "buf");
    const { status, stderr } = spawnSync(buf, ["generate"], { cwd: this.folder, encoding: "utf8" });
    return { status, stderr };
  }

  /** Generates a plugin that must be refused, and returns the errors. */
  refusal(proto: string, decoder: string | null = DECODER, others = {}): string {
    const { status, stderr } = this.generate(proto, decoder, others);
    expect(status).not.toBe(0);
    expect(stderr).not.toMatch(/\n\s+at /);
    return stderr;
  }

  /** Runs a script next to the generated code. */
  run(name: string, script: string) {
    writeFileSync(join(this.folder, name), script);
    const command = ["--import", import.meta.resolve("tsx"), name];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: this.folder, encoding: "utf8" });
    return { status, stdout, stderr };
  }

  /** A generated file. */
  read(path: string): string {
    return readFileSync(join(this.folder, "generated", path), "utf8");
  }

  /** Replaces a generated file. */
  write(path: string, content: string): void {
    writeFileSync(join(this.folder, "generated", path), content);
  }

  /** Removes all generated files, among them the lock file. */
  forget(): void {
    rmSync(join(this.folder, "generated"), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Number of the line in which `part` begins. */
export function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}
