import type { RecordType } from "../../../generated/dns/dns_enums.js";
import type { PluginPlan } from "../../../test/conformance/comparison-plan.js";
import { reverseRow } from "../../../test/conformance/reversed-row.js";
import { has, hasValue } from "../../../test/conformance/tshark-frame.js";

/** Columns of a transaction that describe its response. */
const RESPONSE_COLUMNS = new Set([
  "latency",
  "recursion_available",
  "authoritative",
  "truncated_response",
  "authentic_data",
  "tentative",
  "rcode",
  "client_subnet_scope",
  "extended_error",
  "extended_error_text",
]);

/** Columns of the records: of the response, or of a query that has some. */
const RECORD_COLUMNS = new Set([
  "answer_count",
  "authority_count",
  "additional_count",
  "answer_names",
  "answer_types",
  "answer_ttls",
  "answer_data",
]);

/** Record type by the field that shows its data. */
const DATA_FIELDS: Readonly<Record<string, keyof typeof RecordType>> = {
  "dns.a": "A",
  "dns.aaaa": "AAAA",
  "dns.cname": "CNAME",
  "dns.dname": "DNAME",
  "dns.ns": "NS",
  "dns.ptr.domain_name": "PTR",
};

/** DNS: a row is a query's frame and its response's. */
export const plan: PluginPlan = {
  fields: ["dns", "mdns", "llmnr", "icmp", "icmpv6", "dns.id", "dns.flags.response"],
  // The message itself: not one that an ICMP error quotes.
  isOf: (frame) => has(frame, "dns", "mdns", "llmnr") && !has(frame, "icmp", "icmpv6"),
  // tshark shows AD of a query only where it is set.
  asRow(frame) {
    const isPlainQuery = hasValue(frame, "dns.flags.response", "0") && !has(frame, "dns.flags.authenticated", "llmnr");
    return isPlainQuery ? Object.assign(Object.create(frame), { "dns.flags.authenticated": ["0"] }) : frame;
  },
  framesOf: (row) =>
    [...new Set([row["frame_number"], row["response_frame"]])].filter((frame) => frame !== null).map(Number),
  frameOf(column, row) {
    const query = Number(row["frame_number"]);
    const response = row["response_frame"] === null ? null : Number(row["response_frame"]);
    if (column.name === "conflict") return response ?? query;
    // Lone responses name their own frame, where tshark, in the query's frame, tells of another one.
    if (column.name === "response_frame") return response === query ? undefined : query;
    if (column.name === "authentic_data_desired") return response === query ? null : query;
    if (RECORD_COLUMNS.has(column.name) && (response === null || row["opcode"] === "UPDATE")) {
      // Of a query without records the row does not have the counts, which are 0.
      return row["answer_count"] === null ? undefined : query;
    }
    return RESPONSE_COLUMNS.has(column.name) || RECORD_COLUMNS.has(column.name) ? response : query;
  },
  asSeen(row) {
    if (row["state"] !== "UNSOLICITED" && row["state"] !== "REPEATED") return row;
    // The row has the querier as its source, which the response went to.
    return reverseRow(row);
  },
  itemsOf(column, field, row) {
    const items = row[column.name] as readonly unknown[];
    const types = row["answer_types"] as readonly unknown[];
    switch (column.name) {
      case "answer_data":
        // Data without the format of its type has no field.
        return items.filter((item, i) => types[i] === DATA_FIELDS[field] && !String(item).startsWith("\\#"));
      case "answer_names":
        // Wireshark has the owner of an SRV record in fields of its own, split into service, protocol and name.
        return items.filter((_, i) => types[i] !== "SRV");
      case "answer_types": {
        // The types that an NSEC record lists stand in the same field, so that what comes after them cannot be told.
        const listing = types.findIndex((type) => type === "NSEC" || type === "NSEC3");
        return listing === -1 ? items : items.slice(0, listing + 1);
      }
      default:
        return items;
    }
  },
};
