/**
 * The next layer of a packet, as one number. An IP protocol number (0 to 255) and an Ethernet type (from 0x0600 on) represent
 * themselves; the values below represent layers without such a number. The bytes of the next layer are `packet.start` to `packet.end`.
 */
export const Layer = {
  /** Nothing more is decoded; the bytes are the payload for a decoder. */
  End: -1,
  /** An IP packet of either version. */
  Ip: 0x10000,
  /** An Ethernet frame, with or without its frame check sequence. */
  Ethernet: 0x10001,
  /** An Ethernet frame after the control word of a pseudowire (RFC 4448, section 4.6). */
  EthernetAfterControlWord: 0x10002,
  /** An Ethernet frame after two bytes of padding, as it is bridged over ATM (RFC 2684, section 5.2). */
  PaddedEthernet: 0x10003,
  /** IEEE 802.2 logical link control. */
  Llc: 0x10004,
  /** IEEE 802.2 logical link control over ATM, where bridged frames are padded. */
  AtmLlc: 0x10005,
  /** PPP, with or without the address and control bytes of its HDLC framing. */
  Ppp: 0x10006,
  /** Cisco's HDLC framing. */
  CiscoHdlc: 0x10007,
  FrameRelay: 0x10008,
  /** A frame of IEEE 802.11. */
  Ieee80211: 0x10009,
  Radiotap: 0x1000a,
  /** The payload of a datagram from or to a port of a tunnel. */
  UdpTunnel: 0x1000b,
  /** A frame of link type 0; the layer of another link type is this number plus the link type. */
  FirstLinkType: 0x20000,
} as const;
