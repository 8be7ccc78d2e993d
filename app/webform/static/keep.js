// A copy of what is only on this phone, in a file sealed under a pass phrase: for a phone that is put out, or about to be given away.
//
// The file is MARK, a salt of 16 bytes, then parts: a length of 4 bytes, a vector of 12, and so many bytes under AES-GCM. The first part
// lists in JSON what there is, the others hold the files in that order, PART bytes each. A part's place is sealed with it.

import { stretched } from "./lock.js";
import * as store from "./store.js";

const MARK = new TextEncoder().encode("hearsight-kept-1");
const SALT = 16;
const VECTOR = 12;
const PART = 4 * 1024 * 1024;
// Whoever finds the file can try phrases on it for as long as they like: several words.
export const SHORTEST = 12;

// What is no such file, and what this pass phrase does not open.
export class NotKept extends Error {}
export class WrongPhrase extends Error {}

const random = (size) => crypto.getRandomValues(new Uint8Array(size));
const place = (n) => new Uint8Array(new Uint32Array([n]).buffer);

async function sealed(key, n, bytes) {
  const iv = random(VECTOR);
  const content = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: place(n) }, key, bytes);
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, content.byteLength);
  return new Blob([length.buffer, iv, content]);
}

// The file, or null where nothing is only here.
export async function copied(phrase) {
  const [drafts, outbox, files] = await Promise.all(["draft", "outbox", "file"].map((kind) => store.all(kind)));
  const entries = outbox.filter((entry) => !entry.wiped);
  if (!drafts.length && !entries.length) return null;
  const salt = random(SALT);
  const key = await stretched(phrase, salt);
  const [parts, held] = [[], []];
  for (const file of files) {
    // One that was sent meanwhile is not needed, and one that cannot be read any more does not keep the others back.
    const blob = (await store.get("file", file.id).catch(() => null))?.blob;
    if (!blob) continue;
    held.push({ ...file, size: blob.size });
    for (let at = 0; at < blob.size; at += PART) parts.push(await sealed(key, parts.length + 1, await blob.slice(at, at + PART).arrayBuffer()));
  }
  const head = await sealed(key, 0, new TextEncoder().encode(JSON.stringify({ drafts, entries, files: held })));
  return new Blob([MARK, salt, head, ...parts], { type: "application/octet-stream" });
}

// Parts one after the other.
class Reader {
  #at = MARK.length + SALT;
  #n = 0;

  constructor(file, key) {
    Object.assign(this, { file, key });
  }

  async next() {
    const length = new DataView(await this.#bytes(4)).getUint32(0);
    const [iv, content] = [await this.#bytes(VECTOR), await this.#bytes(length)];
    try {
      return await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: place(this.#n++) }, this.key, content);
    } catch {
      throw new WrongPhrase();
    }
  }

  async #bytes(size) {
    const found = await this.file.slice(this.#at, this.#at + size).arrayBuffer();
    if (found.byteLength < size) throw new WrongPhrase();
    this.#at += size;
    return found;
  }
}

// Take over what a file holds; what is here already stays as it is. Gives {drafts, entries}: how many came. All of it, or nothing.
export async function takenOver(file, phrase) {
  const head = new Uint8Array(await file.slice(0, MARK.length + SALT).arrayBuffer());
  if (head.length < MARK.length + SALT || MARK.some((byte, at) => head[at] !== byte)) throw new NotKept();
  const reader = new Reader(file, await stretched(phrase, head.slice(MARK.length)));
  const told = JSON.parse(new TextDecoder().decode(await reader.next()));
  const known = new Set();
  for (const kind of ["draft", "outbox", "file"]) for (const each of await store.all(kind)) known.add(each.id);
  const fresh = (each) => !known.has(each.id);
  const added = [];
  try {
    for (const each of told.files) {
      const blob = await contentOf(each, reader);
      if (!fresh(each) || known.has(each.observation_id)) continue;
      await store.put("file", { ...each, blob });
      added.push(each.id);
    }
    const [drafts, entries] = [told.drafts.filter(fresh), told.entries.filter(fresh)];
    await store.change([...drafts.map((each) => ["put", "draft", each]), ...entries.map((each) => ["put", "outbox", each])]);
    return { drafts: drafts.length, entries: entries.length };
  } catch (fault) {
    await store.change(added.map((id) => ["remove", "file", id]));
    throw fault;
  }
}

async function contentOf({ size, type }, reader) {
  const parts = [];
  for (let at = 0; at < size; at += PART) parts.push(await reader.next());
  return new Blob(parts, { type });
}
