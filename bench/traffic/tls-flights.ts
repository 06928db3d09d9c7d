import { openCaptureFile } from "../../runtime/capture/capture-file.js";
import { decodeLayers } from "../../runtime/packet/decode-layers.js";
import { loadPacket } from "../../runtime/packet/load-packet.js";
import { Packet } from "../../runtime/packet/packet.js";

const TCP = 6;

/** What the sides of a TLS connection send in turn. */
export type TlsFlights = readonly { readonly isFromServer: boolean; readonly bytes: Uint8Array }[];

/** The payloads of a capture's first TCP connection that has a server on `port`, up to `most` segments. */
export async function readTlsFlights(path: string, port: number, most: number): Promise<TlsFlights> {
  const source = await openCaptureFile(path);
  const { signal } = new AbortController();
  const packet = new Packet();
  const flights: { isFromServer: boolean; bytes: Uint8Array }[] = [];
  let client = 0;
  try {
    for (let batch = await source.read(signal); batch !== null; batch = await source.read(signal)) {
      for (let i = 0; i < batch.count && flights.length < most; i++) {
        loadPacket(packet, batch, i);
        decodeLayers(packet, source.interfaces[packet.interfaceIndex]!.linkType);
        if (packet.ipProtocol !== TCP || packet.end === packet.start) continue;
        const isFromServer = packet.srcPort === port;
        if (!isFromServer && packet.dstPort !== port) continue;
        const clientPort = isFromServer ? packet.dstPort : packet.srcPort;
        if (client === 0) client = clientPort;
        if (clientPort === client) flights.push({ isFromServer, bytes: packet.bytes.slice(packet.start, packet.end) });
      }
    }
  } finally {
    await source.close();
  }
  return flights;
}
