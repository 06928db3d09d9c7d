import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { comparableRedaction } from "./comparable-redaction.js";
import { pluginFolders } from "./plugin-folders.js";

/**
 * Writes `plugins/<p>/captures/<name>.ndjson`, what `wireloom decode --protocol <p>` prints of each capture:
 * `node --import tsx test/conformance/write-expected-rows.ts [resource…]`. Run it when the comparison with tshark passes,
 * and read the difference before committing it.
 */
const run = promisify(execFile);
const wireloom = fileURLToPath(new URL("../../runtime/cli/wireloom.ts", import.meta.url));
const asked = process.argv.slice(2);
const redaction = [...comparableRedaction.actions].flatMap(([field, action]) => ["--redact", `${field}=${action}`]);

for (const [resource, plugin] of pluginFolders) {
  const folder = join(plugin, "captures");
  if ((asked.length > 0 && !asked.includes(resource)) || !existsSync(folder)) continue;
  for (const capture of readdirSync(folder).filter((name) => /\.pcap(ng)?$/.test(name))) {
    const decode = [
      "decode",
      join(folder, capture),
      "--protocol",
      resource,
      "--format",
      "ndjson",
      "--quiet",
      ...redaction,
    ];
    const { stdout } = await run(process.execPath, ["--import", "tsx", wireloom, ...decode], { maxBuffer: 1 << 28 });
    // The file's name says which protocol the rows are of.
    const rows = stdout.replaceAll(/^\{"protocol":"\w+",/gm, "{");
    await writeFile(join(folder, capture.replace(/\.pcap(ng)?$/, ".ndjson")), rows);
  }
}
