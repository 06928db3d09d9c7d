import { readdirSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { LinkType } from "../packet/link-type.js";
import { WireloomError } from "../wireloom-error.js";

const SYSTEM_FOLDER = "/sys/class/net";

/** Hardware types (ARPHRD_ in if_arp.h) of interfaces whose frames start with an IP header. */
const IP_HARDWARE_TYPES = new Set([512, 519, 768, 769, 776, 65534]);
const ETHERNET = 1;
const LOOPBACK = 772;
const IFF_UP = 1;

/** Names of the network interfaces of this host, sorted; interfaces without an address are included on Linux only. */
export function listInterfaces(): string[] {
  try {
    return readdirSync(SYSTEM_FOLDER).sort();
  } catch {
    return Object.keys(networkInterfaces()).sort();
  }
}

/** Whether interfaces of a Linux hardware type return every packet twice, when it is sent and when it is received. */
export function isLoopback(hardwareType: number): boolean {
  return hardwareType === LOOPBACK;
}

/** LINKTYPE_ value of the frames of a Linux hardware type (ARPHRD_ in if_arp.h); undefined if its frames are not decoded. */
export function linkTypeOf(hardwareType: number): number | undefined {
  if (hardwareType === ETHERNET || hardwareType === LOOPBACK) return LinkType.Ethernet;
  return IP_HARDWARE_TYPES.has(hardwareType) ? LinkType.Raw : undefined;
}

/** Hardware types whose frames have a link type; see {@link linkTypeOf}. */
export function hardwareTypesOf(linkType: number): readonly number[] {
  return linkType === LinkType.Ethernet ? [ETHERNET, LOOPBACK] : [...IP_HARDWARE_TYPES];
}

/** Current state of an interface. */
export interface InterfaceState {
  /** The kernel's index; 0 while the interface does not exist. */
  readonly index: number;
  /** Whether it is administratively up, with or without a carrier. */
  readonly isUp: boolean;
}

/** The state of the Linux interface of a name. */
export function readInterfaceState(interfaceName: string): InterfaceState {
  const read = (file: string) => Number(readFileSync(`${SYSTEM_FOLDER}/${interfaceName}/${file}`, "utf8"));
  try {
    return { index: read("ifindex"), isUp: (read("flags") & IFF_UP) !== 0 };
  } catch {
    return { index: 0, isUp: false };
  }
}

/** LINKTYPE_ value of the frames of a Linux interface. Throws `interface_not_found` and `unavailable`. */
export function readLinkType(interfaceName: string): number {
  const hardwareType = readHardwareType(interfaceName);
  const linkType = linkTypeOf(hardwareType);
  if (linkType !== undefined) return linkType;
  throw new WireloomError(
    "unavailable",
    `interface ${interfaceName} has hardware type ${hardwareType}, which is not decoded; capture on the Ethernet or tunnel interface ` +
      "that carries its traffic",
  );
}

/** The error for an unknown interface name, which lists the existing names. */
export function interfaceNotFound(interfaceName: string): WireloomError {
  return new WireloomError(
    "interface_not_found",
    `there is no interface ${interfaceName}; this host has ${listInterfaces().join(", ")}`,
  );
}

function readHardwareType(interfaceName: string): number {
  // The name becomes part of a path; the kernel does not allow a slash in it either.
  if (!listInterfaces().includes(interfaceName)) throw interfaceNotFound(interfaceName);
  try {
    return Number(readFileSync(`${SYSTEM_FOLDER}/${interfaceName}/type`, "utf8"));
  } catch {
    throw interfaceNotFound(interfaceName);
  }
}
