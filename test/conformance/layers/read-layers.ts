import { openCaptureFile } from "../../../runtime/capture/capture-file.js";
import { decodeLayers } from "../../../runtime/packet/decode-layers.js";
import { loadPacket } from "../../../runtime/packet/load-packet.js";
import { Packet } from "../../../runtime/packet/packet.js";
import { WireloomError } from "../../../runtime/wireloom-error.js";

/**
 * Decodes the layers of every packet of a capture, up to where the file is damaged; `visit` gets each of them, in a packet that is reused,
 * its link type, and whether that is known. Answers their number.
 */
export async function readLayers(
  path: string,
  visit: (packet: Packet, linkType: number, isKnown: boolean, index: number) => void,
): Promise<number> {
  const packet = new Packet();
  const { signal } = new AbortController();
  let count = 0;
  try {
    const source = await openCaptureFile(path);
    for (let batch = await source.read(signal); batch !== null; batch = await source.read(signal)) {
      for (let i = 0; i < batch.count; i++) {
        loadPacket(packet, batch, i);
        const { linkType } = source.interfaces[packet.interfaceIndex]!;
        visit(packet, linkType, decodeLayers(packet, linkType), count++);
      }
    }
    await source.close();
  } catch (error) {
    if (!(error instanceof WireloomError)) throw error;
  }
  return count;
}
