// What the phone keeps, in IndexedDB: drafts, the outbox, files, and what was last read from the server.
// Everything an observer wrote lies there sealed (AES-GCM) under a key that lock.js hands over; see there what that protects from.

const NAME = "hearsight";
const KEYS = { draft: "id", outbox: "id", file: "id", kept: "key" };
// What must be readable before the lock is open: how the lock is closed, the language of its words, and keys that cannot be read out anyway.
const OPEN = new Set(["lock", "language", "keys"]);
const PART = 4 * 1024 * 1024;

export class StorageFull extends Error {}

let opened = null;
let key = null;
// The phone was wiped. What this page still means to write would be sealed under a key that is no more, and nobody could read it.
let isWiped = false;

function database() {
  if (isWiped) return Promise.reject(new Error("wiped"));
  opened ??= new Promise((resolve, reject) => {
    const asking = indexedDB.open(NAME, 1);
    asking.onupgradeneeded = () => {
      for (const [kind, path] of Object.entries(KEYS)) asking.result.createObjectStore(kind, { keyPath: path });
    };
    asking.onsuccess = () => {
      // Another tab with a newer release, or one that wipes the phone, is not to wait for this one.
      asking.result.onversionchange = ({ newVersion }) => {
        asking.result.close();
        opened = null;
        if (newVersion === null) leave();
      };
      resolve(asking.result);
    };
    asking.onerror = () => reject(translated(asking.error));
  }).catch((fault) => {
    opened = null;
    throw fault;
  });
  return opened;
}

// Another tab wiped the phone: what this one shows and knows is of before.
function leave() {
  isWiped = true;
  location.replace(location.pathname);
}

function translated(fault) {
  return fault?.name === "QuotaExceededError" ? new StorageFull() : fault;
}

// One transaction: `work` gets it and gives a request, or nothing; resolves when what was written is on the disk.
async function transact(kinds, mode, work) {
  const transaction = (await database()).transaction(kinds, mode, { durability: "strict" });
  return new Promise((resolve, reject) => {
    const asked = work(transaction);
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onabort = () => reject(translated(transaction.error));
    transaction.onerror = (event) => event.preventDefault() ?? transaction.abort();
  }).catch((fault) => {
    throw translated(fault);
  });
}

// The key that everything is sealed with from now on; without one nothing can be read or written but what is open.
export function unseal(withKey) {
  key = withKey;
}

export const isSealed = () => key === null;

async function encrypted(bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return new Blob([iv, await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes)]);
}

async function decrypted(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.subarray(0, 12) }, key, bytes.subarray(12));
}

// A file is sealed part by part: a film must not need its size in memory.
async function sealed(kind, value) {
  const path = KEYS[kind];
  if (kind === "kept" && OPEN.has(value.key)) return value;
  if (key === null) throw new Error("sealed");
  const { blob, ...rest } = value;
  const made = { [path]: value[path], told: await encrypted(new TextEncoder().encode(JSON.stringify(rest))) };
  if (blob) {
    made.parts = [];
    for (let at = 0; at < blob.size; at += PART) made.parts.push(await encrypted(await blob.slice(at, at + PART).arrayBuffer()));
  }
  return made;
}

async function read(value) {
  if (!value?.told) return value;
  if (key === null) throw new Error("sealed");
  const found = JSON.parse(new TextDecoder().decode(await decrypted(value.told)));
  if (value.parts) {
    const parts = [];
    for (const part of value.parts) parts.push(new Blob([await decrypted(part)]));
    found.blob = new Blob(parts, { type: found.type });
  }
  return found;
}

export async function get(kind, id) {
  return read(await transact([kind], "readonly", (transaction) => transaction.objectStore(kind).get(id)));
}

// Of files only what is known about them: their content is read one at a time, with `get`.
export async function all(kind) {
  const found = await transact([kind], "readonly", (transaction) => transaction.objectStore(kind).getAll());
  return Promise.all(found.map(({ parts, ...rest }) => read(rest)));
}

// Several changes at once or none of them: [["put", kind, value] | ["remove", kind, key], …].
export async function change(steps) {
  const ready = [];
  for (const [what, kind, value] of steps) ready.push([what, kind, what === "put" ? await sealed(kind, value) : value]);
  const kinds = [...new Set(ready.map(([, kind]) => kind))];
  if (!kinds.length) return;
  await transact(kinds, "readwrite", (transaction) => {
    for (const [what, kind, value] of ready) {
      const table = transaction.objectStore(kind);
      if (what === "put") table.put(value);
      else table.delete(value);
    }
  });
}

// Change what is known about a file without reading and sealing its content again.
export async function describe(file) {
  const { blob, ...rest } = file;
  const { told } = await sealed("file", rest);
  await transact(["file"], "readwrite", (transaction) => {
    const table = transaction.objectStore("file");
    const asked = table.get(file.id);
    asked.onsuccess = () => asked.result && table.put({ ...asked.result, told });
  });
}

export const put = (kind, value) => change([["put", kind, value]]);
export const remove = (kind, id) => change([["remove", kind, id]]);

// How many bytes there is room for, as the browser estimates it; null where it does not say.
export async function room() {
  const told = await navigator.storage?.estimate?.();
  return told?.quota ? told.quota - told.usage : null;
}

// Ask that the browser throws nothing away when the phone runs short; true where it agreed.
export const persist = async () => (await navigator.storage?.persist?.()) ?? false;

// Forget everything on this phone; the page has to be loaded again after it.
export async function wipe() {
  const before = opened;
  isWiped = true;
  opened = null;
  try {
    (await before)?.close();
    await new Promise((resolve, reject) => {
      const asking = indexedDB.deleteDatabase(NAME);
      asking.onsuccess = resolve;
      asking.onerror = () => reject(asking.error);
    });
  } catch (fault) {
    isWiped = false;
    throw fault;
  }
}
