/**
 * Which endpoint of a conversation is the client, the lower one where the number is odd. What is worth more has a larger half: the
 * handshake of TCP more than what a decoder read in messages. Where both sides open at once (RFC 9293, section 3.5) it is the first one.
 */
export const Client = {
  Unknown: 0,
  HigherTold: 2,
  LowerTold: 3,
  HigherOpened: 4,
  LowerOpened: 5,
} as const;

export type Client = (typeof Client)[keyof typeof Client];
