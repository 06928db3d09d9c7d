/** LINKTYPE_ values whose layers are decoded (https://www.tcpdump.org/linktypes.html). */
export const LinkType = {
  Null: 0,
  Ethernet: 1,
  /** DLT_RAW of BSD, written to files by mistake. */
  RawBsd: 12,
  /** DLT_RAW of OpenBSD, written to files by mistake. */
  RawOpenBsd: 14,
  Raw: 101,
  Loop: 108,
  LinuxSll: 113,
  Ipv4: 228,
  Ipv6: 229,
  LinuxSll2: 276,
} as const;
