/**
 * Which endpoint of a conversation is the client: the lower one if the number is odd. Stronger evidence has a larger half of the
 * number: a TCP handshake counts more than what a decoder read in messages. After a simultaneous open (RFC 9293, section 3.5) the
 * client is the endpoint that sent first.
 */
export const Client = {
  Unknown: 0,
  HigherTold: 2,
  LowerTold: 3,
  HigherOpened: 4,
  LowerOpened: 5,
} as const;

export type Client = (typeof Client)[keyof typeof Client];
