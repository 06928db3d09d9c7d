import { expect, test } from "vitest";
import { InterfaceWatch } from "./interface-watch.js";
import { reasonWithoutVeth, VethPair } from "./testing/veth-pair.js";

const reason = reasonWithoutVeth();

test.skipIf(reason !== "")(
  "an interface that cannot be followed yet is retried, and is reported as up when it is followed",
  () => {
    const first = new VethPair("iw");
    const said: string[] = [];
    const watch = new InterfaceWatch([first.name], (message) => said.push(message));
    const followed: (readonly number[])[] = [];
    let failure: string | undefined;
    const check = () => {
      watch.check((indexes) => {
        followed.push(indexes);
        if (failure !== undefined) throw new Error(failure);
      }, true);
    };
    check();
    expect(followed).toEqual([]);
    first.remove();
    check();
    const again = new VethPair("iw");
    try {
      failure = "binding failed: ENOBUFS";
      check();
      check();
      failure = "binding failed: ENODEV";
      check();
      const down = `interface ${first.name} does not exist, waiting for it`;
      expect(said).toEqual([down, "binding failed: ENOBUFS", "binding failed: ENODEV"]);
      failure = undefined;
      check();
      check();
      expect(said.slice(3)).toEqual([`interface ${first.name} is up, capturing on it`]);
      expect(followed.map((indexes) => indexes.length)).toEqual([0, 1, 1, 1, 1]);
      // It was followed already, whatever its state.
      again.takeDown();
      check();
      again.bringUp();
      check();
      expect(followed).toHaveLength(5);
      expect(said).toHaveLength(6);
    } finally {
      again.remove();
    }
  },
);
