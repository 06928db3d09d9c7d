import { readdirSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { LinkType } from "../packet/link-type.js";
import { WireloomError } from "../wireloom-error.js";

const SYSTEM_FOLDER = "/sys/class/net";

/** Hardware types (ARPHRD_ in if_arp.h) of interfaces whose frames start with an IP header. */
const IP_HARDWARE_TYPES = new Set([512, 519, 768, 769, 776, 65534]);
const ETHERNET = 1;
const LOOPBACK = 772;

/** Names of the network interfaces of this host, sorted; those without an address are known on Linux only. */
export function listInterfaces(): string[] {
  try {
    return readdirSync(SYSTEM_FOLDER).sort();
  } catch {
    return Object.keys(networkInterfaces()).sort();
  }
}

/** True for a Linux interface that hands every packet over twice, on its way out and in. */
export function isLoopback(interfaceName: string): boolean {
  return readHardwareType(interfaceName) === LOOPBACK;
}

/** LINKTYPE_ value of the frames that a Linux interface hands over. Throws `interface_not_found` and `unavailable`. */
export function readLinkType(interfaceName: string): number {
  const hardwareType = readHardwareType(interfaceName);
  if (hardwareType === ETHERNET || hardwareType === LOOPBACK) return LinkType.Ethernet;
  if (IP_HARDWARE_TYPES.has(hardwareType)) return LinkType.Raw;
  throw new WireloomError(
    "unavailable",
    `interface ${interfaceName} has hardware type ${hardwareType}, which is not decoded; capture on the Ethernet or tunnel interface ` +
      "that carries its traffic",
  );
}

/** The error for a name that no interface has, with the names that there are. */
export function interfaceNotFound(interfaceName: string): WireloomError {
  return new WireloomError(
    "interface_not_found",
    `there is no interface ${interfaceName}; this host has ${listInterfaces().join(", ")}`,
  );
}

function readHardwareType(interfaceName: string): number {
  // The name becomes part of a path; the kernel allows no slash in it either.
  if (!listInterfaces().includes(interfaceName)) throw interfaceNotFound(interfaceName);
  try {
    return Number(readFileSync(`${SYSTEM_FOLDER}/${interfaceName}/type`, "utf8"));
  } catch {
    throw interfaceNotFound(interfaceName);
  }
}
