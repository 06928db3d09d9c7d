/** Why a conversation ended; numbered as IPFIX flowEndReason (136, RFC 5102, section 5.11.3). */
export const ConversationEnd = {
  /** No packet arrived within the idle timeout. */
  Idle: 1,
  /** FIN from both sides, or RST. */
  Closed: 3,
  /** The source of packets ended. */
  EndOfInput: 4,
  /** The table was full, and this conversation had been without a packet for the longest time. */
  Evicted: 5,
} as const;

export type ConversationEnd = (typeof ConversationEnd)[keyof typeof ConversationEnd];
