/** Length in bits of each octet's code, and at last of EOS (RFC 7541, appendix B). */
// biome-ignore format: sixteen octets a line
const CODE_LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];
const EOS = 256;
const MAX_CODE_BITS = 30;
/** Inner nodes of the tree of 257 codes; the root is 0. */
const NODES = 256;

/** Bits of a {@link TRANSITIONS} entry: the node reached, the octet that the step completes, and what else is known of it. */
const NODE_MASK = 0xff;
const OCTET_SHIFT = 8;
const HAS_OCTET = 0x10000;
const IS_INVALID = 0x20000;

/** What four more bits lead to, by node and bits. */
const TRANSITIONS = new Uint32Array(NODES * 16);
/** 1 for each node where a string may end: the bits since the last octet are up to seven ones, the beginning of EOS. */
const MAY_END = new Uint8Array(NODES);
buildTables();

/**
 * Decodes the Huffman string `bytes[start, end)` (RFC 7541, section 5.2) into `target` from `at` on, and returns the position after the last
 * octet; -1 where the string has EOS in it or its padding is wrong. It has at most 8 octets for each 5 bytes.
 */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  let node = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    const high = TRANSITIONS[(node << 4) | (byte >> 4)]!;
    if ((high & HAS_OCTET) !== 0) target[at++] = high >> OCTET_SHIFT;
    const low = TRANSITIONS[((high & NODE_MASK) << 4) | (byte & 15)]!;
    if ((low & HAS_OCTET) !== 0) target[at++] = low >> OCTET_SHIFT;
    if (((high | low) & IS_INVALID) !== 0) return -1;
    node = low & NODE_MASK;
  }
  return MAY_END[node] === 1 ? at : -1;
}

/** Child of an inner node: another one, or `NODES` plus the octet of a leaf. */
function buildTree(): Int16Array {
  const children = new Int16Array(NODES * 2).fill(-1);
  let nodes = 1;
  // The codes are canonical: in the order of their lengths, then of their octets, each one is the number after the one before.
  let code = 0;
  for (let length = 1; length <= MAX_CODE_BITS; length++, code *= 2) {
    for (let octet = 0; octet <= EOS; octet++) {
      if (CODE_LENGTHS[octet] !== length) continue;
      let node = 0;
      for (let bit = length - 1; bit > 0; bit--) {
        const edge = node * 2 + ((code >>> bit) & 1);
        if (children[edge] === -1) children[edge] = nodes++;
        node = children[edge]!;
      }
      children[node * 2 + (code & 1)] = NODES + octet;
      code++;
    }
  }
  return children;
}

function buildTables(): void {
  const children = buildTree();
  for (let node = 0; node < NODES; node++) {
    for (let bits = 0; bits < 16; bits++) TRANSITIONS[(node << 4) | bits] = transition(children, node, bits);
  }
  for (let node = 0, ones = 0; ones < 8; ones++) {
    MAY_END[node] = 1;
    node = children[node * 2 + 1]!;
  }
}

function transition(children: Int16Array, from: number, bits: number): number {
  let node = from;
  let octet = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const child = children[node * 2 + ((bits >> bit) & 1)]!;
    if (child === NODES + EOS) return IS_INVALID;
    // The shortest code has five bits, so that four complete one octet at most.
    if (child >= NODES) octet = HAS_OCTET | ((child - NODES) << OCTET_SHIFT);
    node = child >= NODES ? 0 : child;
  }
  return octet | node;
}
