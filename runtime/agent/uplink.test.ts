import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, describe, expect, it } from "vitest";
import { startFixture } from "../collector/testing/collector.js";
import { closeServer, startServer } from "./testing/collector-server.js";
import { rowGroup, rowGroupOf, startUplink } from "./testing/dns-uplink.js";

afterEach(closeServer);

describe("a collector", () => {
  it.each([
    ["unauthenticated", Code.Unauthenticated],
    ["permission_denied", Code.PermissionDenied],
    ["unimplemented", Code.Unimplemented],
  ])("that responds with %s ends the agent", async (_, code) => {
    // biome-ignore lint/correctness/useYield: it fails before it responds.
    const url = await startServer(async function* () {
      throw new ConnectError("not you", code);
    });
    const uplink = startUplink(url, [], { giveUpAfterMs: undefined });
    await uplink.send([rowGroup(10, 1)]);
    await expect(uplink.drain()).rejects.toThrow(`the collector at ${url} refused the rows: not you`);
    await uplink.close();
  });
});

describe("a second agent of one id", () => {
  it("is refused, both are notified, and it connects once the first has ended", async () => {
    const fixture = await startFixture();
    const firstSaid: string[] = [];
    const secondSaid: string[] = [];
    const first = startUplink(fixture.collector.url, firstSaid);
    await first.send([rowGroupOf("one.example")]);
    await first.drain();
    const second = startUplink(fixture.collector.url, secondSaid);
    await second.send([rowGroupOf("two.example")]);
    await expect
      .poll(() => secondSaid)
      .toEqual([
        expect.stringMatching(
          /refused this agent: an agent with the id probe is connected, from host .* since .*Z; give this one another name with --id; trying again$/,
        ),
      ]);
    await expect
      .poll(() => firstSaid)
      .toEqual([
        expect.stringMatching(
          /^the collector says: another agent with the id probe, on host .*, was refused; give it another name with --id$/,
        ),
      ]);
    await first.close();
    await second.drain();
    await second.close();
    expect(await fixture.store.findAgent("probe")).toMatchObject({ rowCount: 2n });
    await fixture.close();
  });
});
