// What a phone keeps, in memory, with the doors of store.js: for tests without a browser.

const KEYS = { draft: "id", outbox: "id", file: "id", kept: "key" };

// As store.js: all changes of a step or none.
export class Memory {
  tables = { draft: new Map(), outbox: new Map(), file: new Map(), kept: new Map() };
  isFull = false;

  async get(kind, id) {
    return this.tables[kind].get(id);
  }

  async all(kind) {
    return [...this.tables[kind].values()].map(({ blob, ...rest }) => rest);
  }

  async change(steps) {
    if (this.isFull && steps.some(([what]) => what === "put")) throw new Error("full");
    for (const [what, kind, value] of steps) {
      if (what === "put") this.tables[kind].set(value[KEYS[kind]], structuredClone(value));
      else this.tables[kind].delete(value);
    }
  }

  put(kind, value) {
    return this.change([["put", kind, value]]);
  }

  async describe(file) {
    const { blob, ...rest } = file;
    this.tables.file.set(file.id, { ...rest, blob: this.tables.file.get(file.id).blob });
  }
}

// The store of the modules that import one.
export const kept = new Memory();
export const get = (...given) => kept.get(...given);
export const all = (...given) => kept.all(...given);
export const put = (...given) => kept.put(...given);
export const change = (...given) => kept.change(...given);
export const remove = (kind, id) => kept.change([["remove", kind, id]]);
