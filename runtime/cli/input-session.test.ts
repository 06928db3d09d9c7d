import { spawnSync } from "node:child_process";
import { constants, copyFileSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { randomSession, sessionOfFiles } from "./input-session.js";

const folder = mkdtempSync(join(tmpdir(), "wireloom-session-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of this many bytes, of which the one at `changedAt` differs from the others. */
function file(name: string, size: number, changedAt = -1): string {
  const path = join(folder, name);
  const bytes = Buffer.alloc(size, 7);
  if (changedAt >= 0) bytes[changedAt] = 8;
  writeFileSync(path, bytes);
  return path;
}

describe("the session of capture files", () => {
  it("is the same for the same content, name and conditions, wherever the file is", async () => {
    const path = file("a.pcap", 100_000);
    mkdirSync(join(folder, "other"));
    const copy = join(folder, "other", "a.pcap");
    copyFileSync(path, copy);
    const session = await sessionOfFiles({ agentId: "x" }, [path]);
    expect(await sessionOfFiles({ agentId: "x" }, [copy])).toEqual(session);
    expect(session.isRepeatable).toBe(true);
    expect(session.sessionId).toHaveLength(16);
    expect(session.rowSession).toBeGreaterThanOrEqual(0);
    expect(session.rowSession).toBeLessThan(2 ** 30);
  });

  it("is another one for another name, size, condition, order of files, or changed byte", async () => {
    const path = file("b.pcap", 300_000);
    const sessions = [
      await sessionOfFiles({}, [path]),
      await sessionOfFiles({ agentId: "y" }, [path]),
      await sessionOfFiles({}, [file("c.pcap", 300_000)]),
      await sessionOfFiles({}, [path, join(folder, "c.pcap")]),
      await sessionOfFiles({}, [join(folder, "c.pcap"), path]),
      await sessionOfFiles({}, [file("b.pcap", 300_001)]),
      await sessionOfFiles({}, [file("b.pcap", 300_000, 0)]),
      await sessionOfFiles({}, [file("b.pcap", 300_000, 150_000)]),
      await sessionOfFiles({}, [file("b.pcap", 300_000, 299_999)]),
    ];
    const ids = new Set(sessions.map(({ sessionId }) => Buffer.from(sessionId).toString("hex")));
    expect(ids.size).toBe(sessions.length);
  });

  it("of a large file is derived from blocks at its start, at its end and between", async () => {
    const size = 40 << 20;
    const block = 64 << 10;
    const ids = new Set<string>();
    for (const at of [-1, 0, size - 1, size - block]) {
      const { sessionId } = await sessionOfFiles({}, [file("large.pcap", size, at)]);
      ids.add(Buffer.from(sessionId).toString("hex"));
    }
    expect(ids.size).toBe(4);
  });

  it("is random for standard input, and for a pipe, which is not opened", async () => {
    expect((await sessionOfFiles({}, ["-"])).isRepeatable).toBe(false);
    expect(randomSession()).not.toEqual(randomSession());
    const pipe = join(folder, "pipe");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    expect((await sessionOfFiles({}, [pipe])).isRepeatable).toBe(false);
    // A pipe without a reader cannot be opened for writing without waiting (fifo(7)).
    expect(() => openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK)).toThrow(/ENXIO/);
  });
});
