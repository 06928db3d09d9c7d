import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { collectedEvents } from "../../generated/collected-events.js";
import { type DnsSchema, Rcode, RecordClass, RecordType, Service, State } from "../../generated/dns/dns_pb.js";
import { ListDnsResponseSchema } from "../../generated/dns/dns_service_pb.js";
import { Random } from "../../runtime/record/testing/random.js";
import type { RowGroup } from "../../runtime/store/ingest-store.js";

const NAMES = 20_000;
const event = collectedEvents.find(({ table }) => table.resource === "dns")!;
const random = new Random(1);

/** Rows as a resolver's traffic has them, the first being number `first`: repeated names and clients, one answer in most. */
export function typicalDnsRowGroup(first: number, count: number): RowGroup {
  const rows = Array.from({ length: count }, (_, i): MessageInitShape<typeof DnsSchema> => {
    const n = first + i;
    const isFailed = random.oneIn(20);
    const queryName = `host-${random.below(NAMES)}.example.com`;
    return {
      observation: {
        id: Uint8Array.of(1, 0x8f, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, n >>> 24, n >>> 16, n >>> 8, n),
        time: 1_700_000_000_000_000_000n + BigInt(n) * 500_000n,
        interface: "eth0",
        srcAddress: Uint8Array.of(10, 0, random.below(16), random.below(256)),
        dstAddress: Uint8Array.of(192, 0, 2, 53),
        srcPort: 1024 + random.below(60000),
        dstPort: 53,
        transport: 17,
        communityId: `1:${Math.floor(n / 3)
          .toString(16)
          .padStart(27, "x")}=`,
        frameNumber: BigInt(n * 2),
        samplingRate: 1,
      },
      state: State.COMPLETE,
      service: Service.DNS,
      latency: BigInt(random.below(100_000_000)),
      responseFrame: BigInt(n * 2 + 1),
      transactionId: random.below(65536),
      recursionDesired: true,
      rcode: isFailed ? Rcode.NXDOMAIN : Rcode.NOERROR,
      queryName,
      queryType: random.oneIn(2) ? RecordType.A : RecordType.AAAA,
      queryClass: RecordClass.IN,
      questionCount: 1,
      answerCount: isFailed ? 0 : 1,
      answerNames: isFailed ? [] : [queryName],
      answerTypes: isFailed ? [] : [RecordType.A],
      answerTtls: isFailed ? [] : [300],
      answerData: isFailed ? [] : [`192.0.2.${random.below(256)}`],
    };
  });
  return { event, count, rows: toBinary(ListDnsResponseSchema, create(ListDnsResponseSchema, { rows })) };
}
