// Sends pieces of text over one TCP connection, each in a segment of its own, and reads until the peer closes or falls silent.
// Usage: node send-pieces.mjs ADDRESS PORT PIECE…   (\r, \n in a piece are escapes)
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const [address, port, ...pieces] = process.argv.slice(2);
const socket = connect({ host: address, port: Number(port), noDelay: true });
socket.on("error", () => {});
socket.resume();
for (const piece of pieces) {
  socket.write(piece.replaceAll("\\r", "\r").replaceAll("\\n", "\n"));
  await sleep(20);
}
await Promise.race([new Promise((resolve) => socket.once("close", resolve)), sleep(500)]);
socket.destroy();
