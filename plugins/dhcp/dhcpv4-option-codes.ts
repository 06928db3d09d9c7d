/**
 * Codes of DHCP options that the plugin reads (IANA registry "BOOTP Vendor Extensions and DHCP Options"), by their names in the RFC.
 * Where none is given it is RFC 2132.
 */
export const Dhcpv4Option = {
  PAD: 0,
  SUBNET_MASK: 1,
  ROUTER: 3,
  DOMAIN_NAME_SERVER: 6,
  HOST_NAME: 12,
  DOMAIN_NAME: 15,
  INTERFACE_MTU: 26,
  BROADCAST_ADDRESS: 28,
  NTP_SERVERS: 42,
  VENDOR_SPECIFIC_INFORMATION: 43,
  REQUESTED_IP_ADDRESS: 50,
  IP_ADDRESS_LEASE_TIME: 51,
  OPTION_OVERLOAD: 52,
  DHCP_MESSAGE_TYPE: 53,
  SERVER_IDENTIFIER: 54,
  PARAMETER_REQUEST_LIST: 55,
  MESSAGE: 56,
  MAXIMUM_DHCP_MESSAGE_SIZE: 57,
  RENEWAL_TIME: 58,
  REBINDING_TIME: 59,
  VENDOR_CLASS_IDENTIFIER: 60,
  CLIENT_IDENTIFIER: 61,
  TFTP_SERVER_NAME: 66,
  BOOTFILE_NAME: 67,
  /** RFC 3004. */
  USER_CLASS: 77,
  /** RFC 4039. */
  RAPID_COMMIT: 80,
  /** RFC 4702. */
  CLIENT_FQDN: 81,
  /** RFC 3046. */
  RELAY_AGENT_INFORMATION: 82,
  /** RFC 4578, section 2.1. */
  CLIENT_SYSTEM_ARCHITECTURE: 93,
  /** RFC 4578, section 2.2. */
  CLIENT_NETWORK_INTERFACE: 94,
  /** RFC 4578, section 2.3. */
  CLIENT_MACHINE_IDENTIFIER: 97,
  /** A time zone as POSIX writes it (RFC 4833). */
  PCODE: 100,
  /** A time zone of the TZ database (RFC 4833). */
  TCODE: 101,
  /** RFC 8925. */
  IPV6_ONLY_PREFERRED: 108,
  /** RFC 8910. */
  CAPTIVE_PORTAL: 114,
  /** RFC 3397. */
  DOMAIN_SEARCH: 119,
  /** RFC 3442. */
  CLASSLESS_STATIC_ROUTE: 121,
  /** RFC 3925. */
  VENDOR_IDENTIFYING_VENDOR_CLASS: 124,
  /** RFC 8520. */
  MUD_URL: 161,
  /** For private use; Microsoft's copy of {@link Dhcpv4Option.CLASSLESS_STATIC_ROUTE} ([MS-DHCPE]). */
  MICROSOFT_CLASSLESS_STATIC_ROUTE: 249,
  /** For private use; the URL of a proxy configuration (draft-ietf-wrec-wpad-01). */
  PROXY_AUTODISCOVERY: 252,
  END: 255,
} as const;
