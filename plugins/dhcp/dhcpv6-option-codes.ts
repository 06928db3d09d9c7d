/**
 * Codes of DHCPv6 options that the plugin reads (IANA registry "DHCPv6 Option Codes"), by their registered names without `OPTION_`.
 * Where none is given it is RFC 8415.
 */
export const Dhcpv6Option = {
  CLIENTID: 1,
  SERVERID: 2,
  IA_NA: 3,
  IA_TA: 4,
  IAADDR: 5,
  ORO: 6,
  PREFERENCE: 7,
  ELAPSED_TIME: 8,
  RELAY_MSG: 9,
  UNICAST: 12,
  STATUS_CODE: 13,
  RAPID_COMMIT: 14,
  USER_CLASS: 15,
  VENDOR_CLASS: 16,
  INTERFACE_ID: 18,
  /** RFC 3646. */
  DNS_SERVERS: 23,
  /** RFC 3646. */
  DOMAIN_LIST: 24,
  IA_PD: 25,
  IAPREFIX: 26,
  /** RFC 4075. */
  SNTP_SERVERS: 31,
  INFORMATION_REFRESH_TIME: 32,
  /** RFC 4649. */
  REMOTE_ID: 37,
  /** RFC 4580. */
  SUBSCRIBER_ID: 38,
  /** RFC 4704. */
  CLIENT_FQDN: 39,
  /** RFC 4833. */
  NEW_POSIX_TIMEZONE: 41,
  /** RFC 4833. */
  NEW_TZDB_TIMEZONE: 42,
  /** RFC 5908. */
  NTP_SERVER: 56,
  /** RFC 5970. */
  BOOTFILE_URL: 59,
  /** RFC 5970. */
  CLIENT_ARCH_TYPE: 61,
  /** RFC 5970. */
  NII: 62,
  /** RFC 6939. */
  CLIENT_LINKLAYER_ADDR: 79,
  /** RFC 8910. */
  V6_CAPTIVE_PORTAL: 103,
  /** RFC 8520. */
  MUD_URL_V6: 112,
} as const;
