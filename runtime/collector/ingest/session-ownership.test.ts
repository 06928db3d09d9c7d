import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type IngestFixture, open, rowsBatch, startIngest } from "./testing/ingest.js";

let fixture: IngestFixture;

beforeAll(async () => {
  fixture = await startIngest();
});

afterAll(() => fixture.close());

describe("the ingest stream", () => {
  it("does not let an agent use the session of another one, stored or open", async () => {
    const session = randomBytes(16);
    await fixture.send([open(session, "owner"), rowsBatch(1n, "f.one")], 1n);
    const thief = await fixture.send([open(session, "thief"), rowsBatch(2n, "f.stolen")], 2n);
    expect(thief.error).toBe(
      "[permission_denied] the session belongs to another agent; open one with a session id of its own",
    );
    const live = randomBytes(16);
    const owner = fixture.send([open(live, "owner"), rowsBatch(1n, "f.two")], 2n);
    await expect.poll(fixture.namesStored).toContain("f.two");
    expect((await fixture.send([open(live, "thief"), rowsBatch(2n, "f.stolen")], 2n)).error).toMatch(
      /^\[permission_denied\]/,
    );
    expect(await fixture.namesStored()).not.toContain("f.stolen");
    expect(await Promise.race([owner, "still open"])).toBe("still open");
    const rest = await fixture.send([open(live, "owner"), rowsBatch(2n, "f.three")], 2n);
    expect(rest.acknowledged).toEqual([1n, 2n]);
    expect(await fixture.store.findAgent("thief")).toBeUndefined();
  });

  it("refuses a second session of a connected agent, with a notice to both, until the first has ended", async () => {
    const first = randomBytes(16);
    let hasNotice = false;
    const running = fixture.send([open(first, "twin"), rowsBatch(1n, "g.one")], 2n, () => {
      hasNotice = true;
    });
    await expect.poll(fixture.namesStored).toContain("g.one");
    const second = await fixture.send([open(randomBytes(16), "twin"), rowsBatch(1n, "g.two")], 1n);
    expect(second.error).toMatch(
      /^\[already_exists\] an agent with the id twin is connected, from host host since \d{4}-\d\d-\d\dT[\d:]+Z; give this one another name with --id$/,
    );
    await expect.poll(() => hasNotice).toBe(true);
    expect(fixture.events.filter((text) => String(text).includes("twin"))).toEqual([
      "agent twin on host host is connected",
      expect.stringMatching(
        /^agent twin on host host was refused: an agent with the id twin is connected, from host host since /,
      ),
    ]);
    expect(await fixture.store.findAgent("twin")).toMatchObject({ state: "connected", labels: { site: "lab" } });
    // The same session takes over, and when it has ended another one is accepted.
    await fixture.send([open(first, "twin"), rowsBatch(2n, "g.three")], 2n);
    expect((await running).notices).toEqual([
      "another agent with the id twin, on host host, was refused; give it another name with --id",
    ]);
    expect((await fixture.send([open(randomBytes(16), "twin"), rowsBatch(1n, "g.two")], 1n)).error).toBeUndefined();
  });

  it("continues a session on its newest stream", async () => {
    const session = randomBytes(16);
    const first = fixture.send([open(session), rowsBatch(1n, "d.one")], 99n);
    await expect.poll(fixture.namesStored).toContain("d.one");
    const second = await fixture.send([open(session), rowsBatch(2n, "d.two")], 2n);
    expect(second.acknowledged).toEqual([1n, 2n]);
    expect((await first).error).toBe("[unavailable] the session was opened again on another stream");
  });
});
