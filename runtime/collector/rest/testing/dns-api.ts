import type { MessageInitShape } from "@bufbuild/protobuf";
import { expect } from "vitest";
import { type DnsSchema, Rcode, RecordType, State } from "../../../../generated/dns/dns_pb.js";
import { type CollectorFixture, dnsRowGroup, startFixture, storeRowGroups } from "../../testing/collector.js";

/** The query names of the rows that {@link startDnsApi} stores, a second apart; a row without one has no query. */
export const NAMES = [
  "www.example.com",
  "mail.example.com",
  "example.org",
  "a_b.example.net",
  "100%.example.net",
  undefined,
];

/** The members of the response bodies of these tests; each has some of them. */
interface Body {
  readonly data: readonly Record<string, unknown>[];
  readonly next_page_token: string;
  readonly count?: number;
  readonly count_is_capped?: boolean;
  readonly error: { readonly code: string; readonly message: string };
  readonly resources: Record<string, unknown>;
  readonly id: string;
  readonly query_name: string | null;
}

/** A collector with DNS rows of the agent `probe-1`, and requests to its API. */
export interface DnsApi extends CollectorFixture {
  readonly url: string;
  get(
    path: string,
    headers?: Record<string, string>,
  ): Promise<{ readonly status: number; readonly body: Body; readonly headers: Headers }>;
  /** Query names of the rows that the parameters select, in order of time. */
  namesOf(parameters: string): Promise<unknown[]>;
  /** Status, code and message of an error response. */
  failureOf(path: string): Promise<[number, string, string]>;
}

/** Starts a collector and stores a row for each of {@link NAMES}. */
export async function startDnsApi(): Promise<DnsApi> {
  const fixture = await startFixture();
  const { url } = fixture.collector;
  await storeRowGroups(fixture.store, "probe-1", [dnsRowGroup(NAMES.map(rowOf))]);
  const get: DnsApi["get"] = async (path, headers = {}) => {
    const response = await fetch(url + path, { headers });
    return { status: response.status, body: (await response.json()) as Body, headers: response.headers };
  };
  return {
    ...fixture,
    url,
    get,
    async namesOf(parameters) {
      const { status, body } = await get(`/v1/dns?order_by=time&${parameters}`);
      expect({ status, body }).toMatchObject({ status: 200 });
      return body.data.map((row) => row.query_name);
    },
    async failureOf(path) {
      const { status, body } = await get(path);
      return [status, body.error.code, body.error.message];
    },
  };
}

function rowOf(queryName: string | undefined, i: number): MessageInitShape<typeof DnsSchema> {
  return {
    ...(queryName === undefined
      ? {}
      : { queryName, queryType: RecordType.A, rcode: i === 2 ? Rcode.NXDOMAIN : Rcode.NOERROR }),
    state: i === 2 ? State.UNANSWERED : State.COMPLETE,
    latency: BigInt(i) * 1_500_000n,
    answerNames: i === 0 ? ["www.example.com", 'web, "one"'] : [],
    observation: {
      srcAddress:
        i < 3
          ? Uint8Array.of(10, 0, 0, i)
          : Uint8Array.from({ length: 16 }, (_, at) => (at === 0 ? 0x20 : at === 1 ? 1 : i)),
      dstPort: 53,
      transport: 17,
      communityId: "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
    },
  };
}
