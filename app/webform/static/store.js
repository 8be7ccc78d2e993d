// What the phone keeps, in IndexedDB: drafts, the outbox, files, and what was last read from the server.
// Everything an observer wrote lies there sealed (AES-GCM) under a key that lock.js hands over; see there what that protects from.

const NAME = "hearsight";
const KEYS = { draft: "id", outbox: "id", file: "id", kept: "key" };
// What must be readable before the lock is open: how the lock is closed, the language of its words, and keys that cannot be read out anyway.
const OPEN = new Set(["lock", "language", "keys"]);
const PART = 4 * 1024 * 1024;
const PATIENCE = 10_000;
const writing = new Set();

export class StorageFull extends Error {
  full = true;
}
// What a change needs is not there any more: filed, mended or deleted in another window. Nothing was changed.
export class Gone extends Error {}
// Damaged, or sealed with a key that is no more. It stays where it is, and harms nothing else.
export class Unreadable extends Error {
  unreadable = true;
}

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
      // Browsers end it by themselves too, on a phone that slept or ran short of memory.
      asking.result.onclose = () => (opened = null);
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
  const transaction = await begun(kinds, mode);
  let why = null;
  const end = (fault) => {
    // One fault ends all: what was asked for beside it ends with it, and says no more than that.
    if (why || fault.name === "AbortError") return;
    why = fault;
    transaction.abort();
  };
  return new Promise((resolve, reject) => {
    transaction.onabort = () => reject(translated(why ?? transaction.error ?? new Error("aborted")));
    transaction.onerror = (event) => {
      event.preventDefault();
      end(event.target.error);
    };
    try {
      const asked = work(transaction, end);
      transaction.oncomplete = () => resolve(asked?.result);
    } catch (fault) {
      // What was asked for before it must not be done alone.
      end(fault);
    }
  });
}

async function begun(kinds, mode) {
  try {
    return (await database()).transaction(kinds, mode, { durability: "strict" });
  } catch (fault) {
    if (fault.name !== "InvalidStateError") throw fault;
    opened = null;
    return (await database()).transaction(kinds, mode, { durability: "strict" });
  }
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
  try {
    return await unsealed(value);
  } catch {
    throw new Unreadable();
  }
}

async function unsealed(value) {
  const found = JSON.parse(new TextDecoder().decode(await decrypted(value.told)));
  if (value.parts) {
    const parts = [];
    for (const part of value.parts) parts.push(new Blob([await decrypted(part)]));
    found.blob = new Blob(parts, { type: found.type });
  }
  return found;
}

// Throws `Unreadable`; only what the server can tell again is then as if it were not there.
export async function get(kind, id) {
  try {
    return await read(await transact([kind], "readonly", (transaction) => transaction.objectStore(kind).get(id)));
  } catch (fault) {
    if (kind === "kept" && fault instanceof Unreadable) return undefined;
    throw fault;
  }
}

// What can be read. Of files only what is known about them: their content is read one at a time, with `get`.
export async function all(kind) {
  return (await each(kind)).flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}

async function each(kind) {
  const found = await transact([kind], "readonly", (transaction) => transaction.objectStore(kind).getAll());
  if (key === null && found.length) throw new Error("sealed");
  return Promise.allSettled(found.map(({ parts, ...rest }) => read(rest)));
}

// How many drafts, entries and files lie here that cannot be read.
export async function unreadable() {
  const found = await Promise.all(["draft", "outbox", "file"].map(each));
  return found.flat().filter((one) => one.status === "rejected").length;
}

// Several changes at once or none of them, in this order: ["put", kind, value]; ["remove", kind, key]; ["amend", kind, value], which
// changes what is told of a thing that still lies there, a file's content staying as it is; ["need", kind, key], which throws `Gone`
// where there is none.
export function change(steps) {
  const written = changed(steps).finally(() => writing.delete(written));
  writing.add(written);
  return written;
}

// Wait until what is being sealed and written lies on the disk; not for ever: a page that is to lock itself does so.
export async function settled() {
  await Promise.race([Promise.allSettled(writing), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

async function changed(steps) {
  const ready = [];
  for (const [what, kind, value] of steps) ready.push([what, kind, await ofStep(what, kind, value)]);
  const kinds = [...new Set(ready.map(([, kind]) => kind))];
  if (!kinds.length) return;
  await transact(kinds, "readwrite", (transaction, end) => {
    for (const [what, kind, value] of ready) STEPS[what](transaction.objectStore(kind), value, KEYS[kind], end);
  });
}

async function ofStep(what, kind, value) {
  if (what === "put") return sealed(kind, value);
  if (what !== "amend") return value;
  const { blob, ...rest } = value;
  return sealed(kind, rest);
}

const STEPS = {
  put: (table, value) => table.put(value),
  remove: (table, id) => table.delete(id),
  amend(table, value, path) {
    const asked = table.get(value[path]);
    asked.onsuccess = () => asked.result && table.put({ ...asked.result, ...value });
  },
  need(table, id, path, end) {
    const asked = table.count(id);
    asked.onsuccess = () => asked.result || end(new Gone());
  },
};

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
