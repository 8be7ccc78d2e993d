// SHA-256 fed part by part (FIPS 180-4): the browser's own takes a file whole only, which a cheap phone has no memory for.

const FRACTIONS = { square: 1 / 2, cube: 1 / 3 };
const K = new Uint32Array(64);
const START = new Uint32Array(8);

// The constants are the fractional parts of roots of the first primes.
for (let prime = 2, at = 0; at < 64; prime++) {
  let isPrime = true;
  for (let by = 2; by * by <= prime; by++) isPrime &&= prime % by !== 0;
  if (!isPrime) continue;
  if (at < 8) START[at] = fraction(prime ** FRACTIONS.square);
  K[at++] = fraction(prime ** FRACTIONS.cube);
}

function fraction(number) {
  return (number - Math.floor(number)) * 2 ** 32;
}

const turned = (word, by) => (word >>> by) | (word << (32 - by));

export class Sha256 {
  #state = START.slice();
  #words = new Uint32Array(64);
  #block = new Uint8Array(64);
  #filled = 0;
  #length = 0;

  update(bytes) {
    this.#length += bytes.length;
    for (let at = 0; at < bytes.length;) {
      const taken = Math.min(64 - this.#filled, bytes.length - at);
      this.#block.set(bytes.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled === 64) this.#fold();
    }
    return this;
  }

  hex() {
    const bits = this.#length * 8;
    this.update(Uint8Array.of(0x80));
    while (this.#filled !== 56) this.update(Uint8Array.of(0));
    const end = new DataView(new ArrayBuffer(8));
    end.setUint32(0, Math.floor(bits / 2 ** 32));
    end.setUint32(4, bits >>> 0);
    this.update(new Uint8Array(end.buffer));
    return Array.from(this.#state, (word) => word.toString(16).padStart(8, "0")).join("");
  }

  #fold() {
    const w = this.#words;
    const block = new DataView(this.#block.buffer);
    for (let at = 0; at < 16; at++) w[at] = block.getUint32(at * 4);
    for (let at = 16; at < 64; at++) {
      const [early, late] = [w[at - 15], w[at - 2]];
      const s0 = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      const s1 = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
      w[at] = w[at - 16] + s0 + w[at - 7] + s1;
    }
    let [a, b, c, d, e, f, g, h] = this.#state;
    for (let at = 0; at < 64; at++) {
      const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + K[at] + w[at]) | 0;
      const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => (this.#state[at] += word));
    this.#filled = 0;
  }
}

// The digest of a blob, in hex.
export async function digestOf(blob, part = 1024 * 1024) {
  const hash = new Sha256();
  for (let at = 0; at < blob.size; at += part) hash.update(new Uint8Array(await blob.slice(at, at + part).arrayBuffer()));
  return hash.hex();
}
