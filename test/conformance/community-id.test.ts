import { describe, expect, it } from "vitest";
import { registry } from "../../generated/registry.js";
import { findPlugin } from "../../runtime/plugin/testing/decode-rows.js";
import { DecoderBench } from "../../runtime/plugin/testing/decoder-bench.js";
import { communityIdOf } from "./community-id.js";

type Baseline = readonly [
  protocol: number,
  source: string,
  destination: string,
  near: number,
  far: number,
  id: string,
  seeded: string,
];

/**
 * Flows of the captures of https://github.com/corelight/community-id-spec (`baseline/baseline_deflt.json` and, for seed 1,
 * `baseline_seed1.json`). Of ICMP they have the type, and the type that answers it, or the code where none does.
 */
const BASELINES: readonly Baseline[] = [
  [
    58,
    "fe80::200:86ff:fe05:80da",
    "fe80::260:97ff:fe07:69ea",
    135,
    136,
    "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
    "1:kHa1FhMYIT6Ym2Vm2AOtoOARDzY=",
  ],
  [
    58,
    "fe80::260:97ff:fe07:69ea",
    "fe80::200:86ff:fe05:80da",
    136,
    135,
    "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
    "1:kHa1FhMYIT6Ym2Vm2AOtoOARDzY=",
  ],
  [
    58,
    "fe80::260:97ff:fe07:69ea",
    "fe80::200:86ff:fe05:80da",
    135,
    136,
    "1:zavyT/cezQr1fmImYCwYnMXbgck=",
    "1:2hSqmsDZ2kdcY9kbiUzOEBic0iM=",
  ],
  [
    58,
    "3ffe:501:1800:2345::2",
    "3ffe:507:0:1:200:86ff:fe05:80da",
    3,
    0,
    "1:2ObVBgIn28oZvibYZhZMBgh7WdQ=",
    "1:lVEtCZpYu84Xqaa++3lXFyuu2n4=",
  ],
  [
    58,
    "3ffe:501:410:0:2c0:dfff:fe47:33e",
    "3ffe:507:0:1:200:86ff:fe05:80da",
    1,
    4,
    "1:hLZd0XGWojozrvxqE0dWB1iM6R0=",
    "1:W8MHwXpWzpoSTD+cGcaJr4u0ys8=",
  ],
  [
    58,
    "3ffe:507:0:1:200:86ff:fe05:80da",
    "3ffe:501:0:1001::2",
    128,
    129,
    "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=",
    "1:GfZxjAkDk2MkegpBYHV6tadtFXQ=",
  ],
  [
    58,
    "fe80::200:86ff:fe05:80da",
    "ff02::2",
    133,
    134,
    "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0=",
    "1:L7Ka0ZMYu+J3bL4ulW2PrqyXNo8=",
  ],
  [
    58,
    "fe80::260:97ff:fe07:69ea",
    "ff02::1",
    134,
    133,
    "1:pkvHqCL88/tg1k4cPigmZXUtL00=",
    "1:K/ee5UCqAMAQXDorP5nSa2CGLjc=",
  ],
  [1, "192.168.0.89", "192.168.0.1", 8, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=", "1:03g6IloqVBdcZlPyX8r0hgoE7kA="],
  [1, "192.168.0.1", "192.168.0.89", 0, 8, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=", "1:03g6IloqVBdcZlPyX8r0hgoE7kA="],
  [1, "10.0.0.1", "10.0.0.2", 11, 0, "1:YHxtAirCG//0OzkcVAukqKQN9xM=", "1:XjUibYHaafLQ3pxQeiMI8g25q20="],
  [
    6,
    "2001:470:e5bf:dead:4957:2174:e82c:4887",
    "2607:f8b0:400c:c03::1a",
    63943,
    25,
    "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=",
    "1:eJYTW6AOzFLlSUoESovMjnu7rMw=",
  ],
  [132, "192.168.170.8", "192.168.170.56", 7, 7, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=", "1:5w3ZRjeKBzqT3zsaEECDGjUbYeg="],
  [
    6,
    "128.232.110.120",
    "66.35.250.204",
    34855,
    80,
    "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
    "1:3V71V58M3Ksw/yuFALMcW0LAHvc=",
  ],
  [
    6,
    "66.35.250.204",
    "128.232.110.120",
    80,
    34855,
    "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
    "1:3V71V58M3Ksw/yuFALMcW0LAHvc=",
  ],
  [17, "192.168.1.52", "8.8.8.8", 54585, 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=", "1:Q9We8WO3piVF8yEQBNJF4uiSVrI="],
  [17, "8.8.8.8", "192.168.1.52", 53, 54585, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=", "1:Q9We8WO3piVF8yEQBNJF4uiSVrI="],
];
const WITHOUT_PORTS: Baseline = [
  46,
  "10.1.12.1",
  "10.1.12.2",
  0,
  0,
  "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=",
  "1:rYir8gphR31noO9iDRQmF/BteEI=",
];

describe("the Community ID by the specification", () => {
  it.each(BASELINES)(
    "of protocol %i from %s to %s, %i to %i",
    (protocol, source, destination, near, far, id, seeded) => {
      const tuple = { protocol, source, destination, ports: [near, far] } as const;
      expect(communityIdOf(tuple)).toBe(id);
      expect(communityIdOf(tuple, 1)).toBe(seeded);
    },
  );

  it("of a protocol without ports", () => {
    const [protocol, source, destination, , , id, seeded] = WITHOUT_PORTS;
    expect(communityIdOf({ protocol, source, destination })).toBe(id);
    expect(communityIdOf({ protocol, source, destination }, 1)).toBe(seeded);
  });
});

describe("the Community ID of a flow", () => {
  it.each([...BASELINES, WITHOUT_PORTS])(
    "of protocol %i from %s to %s, %i to %i is the baseline's",
    (protocol, source, destination, near, far, id) => {
      const bench = new DecoderBench(findPlugin(registry.plugins, "flow"));
      bench.ip(payloadOf(protocol, near, far), { srcAddress: source, dstAddress: destination, ipProtocol: protocol });
      expect(bench.finish()).toMatchObject([{ community_id: id }]);
    },
  );
});

/** The ports, or type and code, at the front of a transport header that is long enough for any protocol. */
function payloadOf(protocol: number, near: number, far: number): Buffer {
  const payload = Buffer.alloc(40);
  if (protocol === 1 || protocol === 58) {
    payload[0] = near;
    // The type that answers is not in the packet; what stands there of others is the code.
    payload[1] = isPaired(protocol, near) ? 0 : far;
    return payload;
  }
  payload.writeUInt16BE(near, 0);
  payload.writeUInt16BE(far, 2);
  if (protocol === 17) payload.writeUInt16BE(40, 4);
  if (protocol === 6) payload[12] = 0x50;
  return payload;
}

function isPaired(protocol: number, type: number): boolean {
  return protocol === 1 ? type === 0 || type === 8 : type >= 128;
}
