/**
 * Sends one UDP datagram from a chosen address and port: what a peer that no real software plays would send.
 *
 *   node send-datagram.mjs SOURCE SOURCE_PORT DESTINATION DESTINATION_PORT HEX...
 *
 * HEX pieces are joined, so that a shell script can show a message field by field. A link-local destination
 * carries its zone: `ff02::1:3%eth0`.
 */
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";

const [source, sourcePort, destination, destinationPort, ...hex] = process.argv.slice(2);
const socket = createSocket({ type: isIPv6(destination) ? "udp6" : "udp4", reuseAddr: true });
socket.bind(Number(sourcePort), source, () => {
  socket.send(Buffer.from(hex.join(""), "hex"), Number(destinationPort), destination, (error) => {
    socket.close();
    if (error) {
      console.error(`send-datagram: cannot send to ${destination}: ${error.message}`);
      process.exitCode = 1;
    }
  });
});
