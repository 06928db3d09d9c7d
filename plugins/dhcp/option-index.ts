import { Dhcpv4Option } from "./dhcpv4-option-codes.js";

const { PAD, END } = Dhcpv4Option;
/** More options than a packet of 1500 bytes has in practice. */
const MAX_INSTANCES = 512;
const MAX_VALUE_BYTES = 4096;

/** Longest value of one instance. */
const MAX_INSTANCE_BYTES = 255;

/** Options of which several instances are parts of one value (RFC 3396, section 7); of others the first one counts. */
const Parts = { None: 0, List: 1, Text: 2 } as const;

/** Lists, and options with options inside. */
const LISTS = [
  Dhcpv4Option.ROUTER,
  Dhcpv4Option.DOMAIN_NAME_SERVER,
  Dhcpv4Option.NTP_SERVERS,
  Dhcpv4Option.VENDOR_SPECIFIC_INFORMATION,
  Dhcpv4Option.PARAMETER_REQUEST_LIST,
  Dhcpv4Option.USER_CLASS,
  Dhcpv4Option.RELAY_AGENT_INFORMATION,
  Dhcpv4Option.CLIENT_SYSTEM_ARCHITECTURE,
  Dhcpv4Option.DOMAIN_SEARCH,
  Dhcpv4Option.CLASSLESS_STATIC_ROUTE,
  Dhcpv4Option.VENDOR_IDENTIFYING_VENDOR_CLASS,
  Dhcpv4Option.MICROSOFT_CLASSLESS_STATIC_ROUTE,
];

/** Texts and identifiers. */
const TEXTS = [
  Dhcpv4Option.HOST_NAME,
  Dhcpv4Option.DOMAIN_NAME,
  Dhcpv4Option.MESSAGE,
  Dhcpv4Option.VENDOR_CLASS_IDENTIFIER,
  Dhcpv4Option.CLIENT_IDENTIFIER,
  Dhcpv4Option.TFTP_SERVER_NAME,
  Dhcpv4Option.BOOTFILE_NAME,
  Dhcpv4Option.CLIENT_FQDN,
  Dhcpv4Option.PCODE,
  Dhcpv4Option.TCODE,
  Dhcpv4Option.CAPTIVE_PORTAL,
  Dhcpv4Option.MUD_URL,
  Dhcpv4Option.PROXY_AUTODISCOVERY,
];

/** {@link Parts} by code. */
const partsOf = new Uint8Array(256);
for (const code of LISTS) partsOf[code] = Parts.List;
for (const code of TEXTS) partsOf[code] = Parts.Text;

/**
 * Index of the options of a DHCP message (RFC 2132, section 2): code, length and value each, with pads anywhere, up to an end option.
 * Reused for each message.
 */
export class OptionIndex {
  /** Different codes, in the order of their first instances: `codes[0, count)`. */
  readonly codes = new Uint8Array(256);
  count = 0;
  /** Where {@link find} found a value: `valueBytes[valueStart, valueEnd)`. */
  valueBytes: Uint8Array;
  valueStart = 0;
  valueEnd = 0;
  readonly #joined = new Uint8Array(MAX_VALUE_BYTES);
  readonly #instanceCodes = new Uint8Array(MAX_INSTANCES);
  readonly #instanceStarts = new Uint32Array(MAX_INSTANCES);
  readonly #instanceEnds = new Uint32Array(MAX_INSTANCES);
  /** How many instances a code has. */
  readonly #instances = new Uint16Array(256);
  #instanceCount = 0;

  constructor() {
    this.valueBytes = this.#joined;
  }

  /** Forgets all options. */
  reset(): void {
    this.count = 0;
    this.#instanceCount = 0;
    this.#instances.fill(0);
  }

  /** Adds the options in `bytes[at, end)`; false if one is incomplete, or there are too many: those before it are added. */
  add(bytes: Uint8Array, at: number, end: number): boolean {
    while (at < end) {
      const code = bytes[at]!;
      if (code === END) return true;
      if (code === PAD) {
        at++;
        continue;
      }
      if (end - at < 2) return false;
      const value = at + 2;
      const next = value + bytes[at + 1]!;
      if (next > end || this.#instanceCount === MAX_INSTANCES) return false;
      const instance = this.#instanceCount++;
      this.#instanceCodes[instance] = code;
      this.#instanceStarts[instance] = value;
      this.#instanceEnds[instance] = next;
      if (this.#instances[code]!++ === 0) this.codes[this.count++] = code;
      at = next;
    }
    return true;
  }

  /**
   * Finds an option's value, which is in `bytes`, or joined in a buffer that is valid until the next call; false if it is absent.
   * Some servers send a name in two options: a repeated text counts once, and one that ends with NUL is whole.
   */
  find(bytes: Uint8Array, code: number): boolean {
    const instances = this.#instances[code]!;
    if (instances === 0) return false;
    const parts = instances === 1 ? Parts.None : partsOf[code]!;
    let left = instances;
    let length = 0;
    let before = -1;
    for (let i = 0; left > 0; i++) {
      if (this.#instanceCodes[i] !== code) continue;
      left--;
      const start = this.#instanceStarts[i]!;
      const end = this.#instanceEnds[i]!;
      if (parts === Parts.None) {
        this.valueBytes = bytes;
        this.valueStart = start;
        this.valueEnd = end;
        return true;
      }
      const isAgain = parts === Parts.Text && before !== -1 && this.#isSame(bytes, before, i);
      before = i;
      if (isAgain) continue;
      for (let at = start; at < end && length < MAX_VALUE_BYTES; at++) this.#joined[length++] = bytes[at]!;
      if (parts === Parts.Text && end > start && bytes[end - 1] === 0) break;
    }
    this.valueBytes = this.#joined;
    this.valueStart = 0;
    this.valueEnd = length;
    return true;
  }

  /** True for two instances with the same value, shorter than the longest possible. */
  #isSame(bytes: Uint8Array, one: number, other: number): boolean {
    const start = this.#instanceStarts[one]!;
    const length = this.#instanceEnds[one]! - start;
    const otherStart = this.#instanceStarts[other]!;
    if (this.#instanceEnds[other]! - otherStart !== length || length === MAX_INSTANCE_BYTES) return false;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== bytes[otherStart + i]) return false;
    return true;
  }
}
