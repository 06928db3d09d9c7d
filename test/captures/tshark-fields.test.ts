import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isTsharkInstalled, readTsharkFields } from "./tshark-fields.js";

const capture = (path: string) => fileURLToPath(new URL(`../../plugins/${path}`, import.meta.url));
const installed = await isTsharkInstalled();

describe.skipIf(!installed)(`readTsharkFields${installed ? "" : " (skipped: tshark is not installed)"}`, () => {
  it("gives one object a frame, with an empty list for a field that the frame lacks", async () => {
    const frames = await readTsharkFields(capture("dns/captures/loopback.pcap"), [
      "frame.number",
      "dns.qry.name",
      "dns.aaaa",
    ]);
    expect(frames).toEqual([
      { "frame.number": ["1"], "dns.qry.name": ["www.wireloom.example"], "dns.aaaa": [] },
      { "frame.number": ["2"], "dns.qry.name": ["www.wireloom.example"], "dns.aaaa": [] },
      { "frame.number": ["3"], "dns.qry.name": ["www.wireloom.example"], "dns.aaaa": [] },
      {
        "frame.number": ["4"],
        "dns.qry.name": ["www.wireloom.example"],
        "dns.aaaa": ["2001:db8::80", "2001:db8::1:0:0:80"],
      },
    ]);
  });

  it("keeps every occurrence of a field apart, commas inside a value too", async () => {
    const [, answer] = await readTsharkFields(capture("dns/captures/record-types.pcap"), ["dns.txt"], {
      displayFilter: 'dns.qry.name == "strings.wireloom.example"',
    });
    expect(answer?.["dns.txt"]).toHaveLength(5);
    expect(answer?.["dns.txt"]?.slice(0, 3)).toEqual(["first", 'second with "quotes" and \\ backslash', ""]);
  });

  it("knows in two passes which frame answers a request", async () => {
    const file = capture("dns/captures/loopback.pcap");
    const [twice] = await readTsharkFields(file, ["dns.response_in"]);
    expect(twice?.["dns.response_in"]).toEqual(["2"]);
    const [once] = await readTsharkFields(file, ["dns.response_in"], { twoPass: false });
    expect(once?.["dns.response_in"]).toEqual([]);
  });

  it("leaves fragments apart where the preference says so", async () => {
    const file = capture("dns/captures/fragments.pcap");
    const options = { displayFilter: "dns.flags.response == 1 && ip" };
    expect(await readTsharkFields(file, ["dns.id"], options)).toHaveLength(1);
    const preferences = ["ip.defragment:FALSE"];
    const unassembled = await readTsharkFields(file, ["frame.number"], { ...options, preferences });
    expect(unassembled).toEqual([{ "frame.number": ["2"] }]);
  });

  it("fails for a field that tshark does not know", async () => {
    await expect(readTsharkFields(capture("dns/captures/loopback.pcap"), ["dns.nonsense"])).rejects.toThrow(
      "dns.nonsense",
    );
  });
});
