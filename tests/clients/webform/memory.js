// What a phone keeps, in memory, with the doors of store.js: for tests without a browser.

const KEYS = { draft: "id", outbox: "id", file: "id", kept: "key" };

export class Gone extends Error {}

const told = ({ blob, ...rest }) => rest;
const content = ({ blob }) => (blob ? { blob } : {});

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
    if (this.isFull && steps.some(([what]) => what === "put" || what === "amend")) throw Object.assign(new Error("full"), { full: true });
    if (steps.some(([what, kind, id]) => what === "need" && !this.tables[kind].has(id))) throw new Gone();
    for (const [what, kind, value] of steps) {
      const [table, id] = [this.tables[kind], value?.[KEYS[kind]]];
      if (what === "put") table.set(id, structuredClone(value));
      else if (what === "remove") table.delete(value);
      else if (what === "amend" && table.has(id)) table.set(id, { ...structuredClone(told(value)), ...content(table.get(id)) });
    }
  }

  put(kind, value) {
    return this.change([["put", kind, value]]);
  }
}

// The store of the modules that import one.
export const kept = new Memory();
export const get = (...given) => kept.get(...given);
export const all = (...given) => kept.all(...given);
export const put = (...given) => kept.put(...given);
export const change = (...given) => kept.change(...given);
export const remove = (kind, id) => kept.change([["remove", kind, id]]);
let key = null;
export const unseal = (withKey) => (key = withKey);
export const isSealed = () => key === null;
