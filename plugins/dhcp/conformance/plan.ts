import { MessageType } from "../../../generated/dhcp/dhcp_enums.js";
import type { RowObject } from "../../../runtime/plugin/testing/row-object.js";
import type { PluginPlan } from "../../../test/conformance/comparison-plan.js";
import { has, type TsharkFrame } from "../../../test/conformance/tshark-frame.js";
import { milliseconds } from "../../../test/conformance/tshark-value.js";

/** DHCPv6 message types that are DHCP's too. */
const SHARED_TYPES: Readonly<Record<string, number>> = {
  3: MessageType.REQUEST,
  8: MessageType.RELEASE,
  9: MessageType.DECLINE,
};

/** Columns of both versions of which Wireshark has a field in the older one only. */
const WITHOUT_FIELD_IN_DHCPV6 = new Set([
  "client_mac",
  "client_hardware",
  "hardware_type",
  "boot_file_name",
  "client_architectures",
]);

/** Bytes before the options inside an option of DHCPv6. */
const HEADER_BYTES: Readonly<Record<string, number>> = { 3: 12, 4: 4, 5: 24, 25: 12, 26: 25 };
const RELAY_MESSAGE = "9";

/** DHCP: a row is a frame. */
export const plan: PluginPlan = {
  fields: [
    ...["dhcp", "dhcpv6", "icmp", "icmpv6"],
    ...["dhcp.hw.len", "dhcpv6.option.length", "dhcp.option.user_class.data"],
  ],
  isOf: (frame) => has(frame, "dhcp", "dhcpv6") && !has(frame, "icmp", "icmpv6"),
  frameOf(column, row) {
    if (row["version"] === 6 && WITHOUT_FIELD_IN_DHCPV6.has(column.name)) return undefined;
    // A relay's own message has no id, which is 0 here.
    if (column.name === "transaction_id" && String(row["message_type"]).startsWith("RELAY_")) return undefined;
    return Number(row["frame_number"]);
  },
  asRow(frame) {
    const type = frame["dhcpv6.msgtype"]?.at(-1);
    return {
      ...frame,
      // Of BOOTP there is no type; of DHCPv6 that of the innermost message.
      "dhcp.option.dhcp": type === undefined ? [frame["dhcp.option.dhcp"]?.[0] ?? "0"] : [],
      "dhcpv6.msgtype": type === undefined ? [] : [String(SHARED_TYPES[type] ?? 1000 + Number(type))],
      // Without pads and end, and each code once.
      "dhcp.option.type": [...new Set(frame["dhcp.option.type"] ?? [])].filter(
        (code) => code !== "0" && code !== "255",
      ),
      "dhcpv6.option.type": ownOptions(frame),
      // All of the field's bytes, used or not.
      "dhcp.hw.addr": (frame["dhcp.hw.addr"] ?? []).map((digits) =>
        digits.slice(0, 2 * Number(frame["dhcp.hw.len"]?.[0])),
      ),
      // Instances are bytes, the text that is none of them is text.
      "dhcp.option.user_class.text": [
        ...(frame["dhcp.option.user_class.text"] ?? []),
        ...(frame["dhcp.option.user_class.data"] ?? []).map((digits) => Buffer.from(digits, "hex").toString("latin1")),
      ],
    };
  },
  occurrenceOf(column, row) {
    const options = row["options"] as readonly number[];
    switch (column.name) {
      case "server_duid":
        return duidOptions(options).indexOf(2);
      case "client_id":
        return row["version"] === 6 ? duidOptions(options).indexOf(1) : options.indexOf(61);
      case "client_duid_type":
        return row["version"] === 6 ? duidOptions(options).indexOf(1) : 0;
      case "vendor_specific":
        return options.indexOf(43);
      case "relay_circuit_id":
        // The last one is of the relay next to the client.
        return row["version"] === 6 ? (row["relay_link_addresses"] as readonly unknown[]).length - 1 : 0;
      default:
        return 0;
    }
  },
  itemsOf(column, field, row) {
    const items = row[column.name] as readonly unknown[];
    if (field.startsWith("dhcpv6.") !== (row["version"] === 6)) return [];
    switch (field) {
      case "dhcpv6.iaid":
        return ofTypes(items, row, false);
      case "dhcpv6.iata":
        return ofTypes(items, row, true);
      case "dhcpv6.sntp_server":
        return (row["options"] as readonly number[]).includes(31) ? items : [];
      case "dhcpv6.ntpserver.addr":
        return (row["options"] as readonly number[]).includes(56) ? items : [];
      default:
        return items;
    }
  },
  valueForms: {
    "dhcpv6.elapsed_time": milliseconds,
    "dhcpv6.iaid": hexadecimal,
    "dhcpv6.iata": hexadecimal,
    "dhcpv6.client_domain": withoutFinalDot,
    "dhcpv6.search_list_entry": withoutFinalDot,
    "dhcpv6.userclass.opaque_data": (text) => Buffer.from(text, "hex").toString("latin1"),
  },
};

function hexadecimal(text: string): string {
  return String(Number.parseInt(text, 16));
}

/** Wireshark shows the root's dot. */
function withoutFinalDot(text: string): string {
  return text.replace(/\.$/, "");
}

function duidOptions(options: readonly number[]): number[] {
  return options.filter((code) => code === 1 || code === 2);
}

function ofTypes(ids: readonly unknown[], row: RowObject, isTemporary: boolean): unknown[] {
  const types = row["association_types"] as readonly string[];
  return ids.filter((_, i) => (types[i] === "TEMPORARY_ADDRESSES") === isTemporary);
}

/** Options of the innermost message of DHCPv6, without those inside of them, which tshark lists too. */
function ownOptions(frame: TsharkFrame): string[] {
  const types = frame["dhcpv6.option.type"] ?? [];
  const lengths = (frame["dhcpv6.option.length"] ?? []).map(Number);
  let own: string[] = [];
  for (let i = 0; i < types.length; ) {
    const type = types[i]!;
    own.push(type);
    if (type === RELAY_MESSAGE) own = [];
    i = type === RELAY_MESSAGE ? i + 1 : after(i, types, lengths);
  }
  return own;
}

/** Index after an option and those inside it. */
function after(index: number, types: readonly string[], lengths: readonly number[]): number {
  const headerBytes = HEADER_BYTES[types[index]!];
  let next = index + 1;
  if (headerBytes === undefined) return next;
  for (let left = lengths[index]! - headerBytes; left > 0; ) {
    left -= 4 + lengths[next]!;
    next = after(next, types, lengths);
  }
  return next;
}
