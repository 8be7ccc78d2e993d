// What is filed and not yet known to be safe on the server. Pure: the store, the network and the clock are handed in, so that it can be
// tried out without a browser.
//
// An entry's state: waiting, sending, stored, held, refused, conflict, needs_sign_in. Only the server's receipt lets anything be deleted.

const BATCH_ITEMS = 50;
const BATCH_BYTES = 256 * 1024;
const RECEIPTS = 200;
const FIRST_DELAY = 5_000;
const LONGEST_DELAY = 15 * 60_000;
const ON_THE_WAY = new Set(["waiting", "sending", "needs_sign_in"]);
const ARRIVED = new Set(["stored", "held"]);
// A file still marked as a draft's, of what was filed already: it was being sealed when the draft was sent.
const TO_BE_SENT = new Set(["waiting", "draft"]);
const TRIES_OF_A_FILE = 3;
const size = (body) => new TextEncoder().encode(JSON.stringify(body)).length;

// How long to wait before the next try, in ms: doubling, at least half of it by chance so that phones in one building do not return
// together; never less than the server asked for.
export function delay(tries, after = null, random = Math.random, now = Date.now) {
  const grown = Math.min(FIRST_DELAY * 2 ** Math.min(tries, 20), LONGEST_DELAY);
  return Math.max(grown * (0.5 + random() / 2), asked(after, now));
}

// A `Retry-After`, in ms: seconds or a date (RFC 9110, 10.2.3). At most a day, whatever it says.
export function asked(after, now = Date.now) {
  if (!after) return 0;
  const wait = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - now();
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), 86_400_000) : 0;
}

// The entry after the server's word about it in a batch.
export function judged(entry, result) {
  const current = result.current ? { current: result.current } : {};
  const fault = result.code ? { code: result.code, errors: result.errors ?? [], ...current } : undefined;
  const { fault: _, ...rest } = entry;
  const known = { ...rest, ...(fault ? { fault } : {}) };
  if (result.status === "created" || result.status === "duplicate") return { ...rest, state: "stored", receipt: result.receipt };
  if (result.status === "held") return { ...known, state: "held", receipt: result.receipt };
  if (result.retryable) return { ...known, state: "waiting", tries: entry.tries + 1 };
  return { ...known, state: result.status === "conflict" ? "conflict" : "refused" };
}

// The next entries that fit into one request, oldest first.
export function batched(entries) {
  const taken = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += size(entry.body);
    if (taken.length && (taken.length === BATCH_ITEMS || bytes > BATCH_BYTES)) break;
    taken.push(entry);
  }
  return taken;
}

// What remains of an entry when the server has it whole: that there was one, and nothing of what it said.
export function stub(entry) {
  const { form, form_code, hearing_id = null, case_id = null, captured_at } = entry.body;
  return { ...entry, body: { id: entry.id, form, form_code, hearing_id, case_id, captured_at }, wiped: true };
}

export class Outbox {
  // store: as store.js. net: {batch(items, owner), receipts(ids, owner), upload(file, owner, between)} which throw what is `unreachable`
  // (also where the phone is enrolled for another `owner` by now), what is `signedOut`, or a refusal with status, code, errors, after.
  // owner(): who this phone is enrolled for. changed(): called after each change.
  constructor({ store, net, owner, changed = () => {}, now = Date.now, random = Math.random }) {
    Object.assign(this, { store, net, owner, changed, now, random });
  }

  // File an observation with its files, which lie on the disk already: it lies there too, and the draft is gone, or nothing changed.
  // A `draft` that is not there any more, filed or deleted in another window, is not filed again.
  async enqueue(body, files = [], draft = null) {
    const entry = { id: body.id, body, state: "waiting", tries: 0, filed_at: this.now(), owner: await this.owner() };
    const steps = [["put", "outbox", entry]];
    if (draft !== null) steps.unshift(["need", "draft", draft], ["remove", "draft", draft]);
    for (const file of files) steps.push(["amend", "file", { ...file, observation_id: body.id, state: "waiting" }]);
    await this.store.change(steps);
    this.changed();
  }

  // Send what can be sent. Gives the ms until it is worth trying again, or null where nothing waits.
  async round() {
    const pause = await this.#paused();
    if (pause) return pause;
    // One round goes for one person: the phone may be handed on and enrolled anew while it is under way.
    this.holder = await this.owner();
    this.hasMoved = false;
    this.sent = new Set();
    // What came to pass in this round and finds no room on the disk: a full phone sends all the same, and has room again by that.
    this.unwritten = new Map();
    // In nobody's name nothing goes: somebody else may be enrolled before it has gone.
    if (this.holder === null) return this.#failed({ signedOut: true });
    try {
      await this.#send();
      const failed = await this.#sendFiles();
      // What is whole on the server is confirmed and wiped here, though the film of another would not go.
      await this.#confirm();
      if (failed) throw failed;
    } catch (fault) {
      return this.#failed(fault);
    }
    if ((await this.#waiting()).length || (await this.#files()).length) return this.#failed({ unreachable: true });
    await this.#note({ tries: 0, not_before: 0 });
    return null;
  }

  // Have the next round go at once, where the wait was our own guess and not the server's word.
  hurry() {
    this.isHurried = true;
  }

  // Try once more with the files that the server would not have: what it is, or what it knows, may have changed.
  async again() {
    this.unwritten = new Map();
    await this.#again((await this.store.all("file")).filter((file) => file.state === "refused").map(({ fault, tries, ...file }) => file));
  }

  async #paused() {
    const kept = await this.store.get("kept", "sync");
    const isHurried = this.isHurried && !kept?.asked;
    this.isHurried = false;
    if (isHurried) return 0;
    const left = (kept?.not_before ?? 0) - this.now();
    // A clock that was set back is no reason to wait for longer than was meant.
    return left > 0 && left <= (kept.wait ?? LONGEST_DELAY) ? left : 0;
  }

  async #failed(fault) {
    if (fault.signedOut || fault.status === 403) {
      const told = { code: fault.code || "session_ended", errors: [] };
      await this.#mark(await this.#waiting(), (entry) => ({ ...entry, state: "needs_sign_in", fault: told }));
      return null;
    }
    if (!fault.unreachable && fault.status === undefined) throw fault;
    // A line on which something came through is worth trying again soon.
    const tries = this.hasMoved ? 0 : ((await this.store.get("kept", "sync"))?.tries ?? 0);
    const wait = delay(tries, fault.after, this.random, this.now);
    const isAsked = asked(fault.after, this.now) > 0;
    await this.#note({ tries: tries + 1, not_before: this.now() + wait, wait, asked: isAsked });
    await this.#mark(await this.#sending(), (entry) => ({ ...entry, state: "waiting", tries: entry.tries + 1 }));
    return wait;
  }

  async #note(pause) {
    await this.store.put("kept", { key: "sync", ...pause }).catch(unlessFull);
  }

  // What lies there, as it became in this round.
  async #all(kind) {
    return (await this.store.all(kind)).map((each) => this.unwritten.get(each.id) ?? each);
  }

  // Change what is told of things that still lie there: what was taken back or deleted meanwhile does not come back.
  async #amend(kind, values) {
    try {
      await this.store.change(values.map((value) => ["amend", kind, value]));
      for (const { id } of values) this.unwritten.delete(id);
    } catch (fault) {
      unlessFull(fault);
      for (const value of values) this.unwritten.set(value.id, value);
    }
  }

  async #sending() {
    return (await this.#all("outbox")).filter((entry) => entry.state === "sending");
  }

  // What this phone's observer filed and is not yet there. What somebody else filed on this phone before waits for their return.
  async #waiting() {
    return (await this.#own()).filter((entry) => ON_THE_WAY.has(entry.state)).sort((one, other) => one.filed_at - other.filed_at);
  }

  async #own() {
    const isOwn = (entry) => this.holder === null || !entry.owner || entry.owner === this.holder;
    return (await this.#all("outbox")).filter(isOwn);
  }

  async #mark(entries, made) {
    if (!entries.length) return;
    await this.#amend("outbox", entries.map(made));
    this.changed();
  }

  async #send() {
    // Those that were told to come again wait for the next round: a server that is busy is not asked in a circle.
    for (;;) {
      const ready = (await this.#waiting()).filter((entry) => !this.sent.has(entry.id));
      if (!ready.length) return;
      const taken = batched(ready);
      await this.#mark(taken, (entry) => ({ ...entry, state: "sending" }));
      await this.#deliver(taken);
      for (const entry of taken) this.sent.add(entry.id);
    }
  }

  async #deliver(entries) {
    let results;
    try {
      results = await this.net.batch(
        entries.map((entry) => entry.body),
        this.holder,
      );
    } catch (fault) {
      if (![400, 404, 409, 413, 415, 422].includes(fault.status)) throw fault;
      return this.#parted(entries, fault);
    }
    const told = new Map(results.map((result) => [result.id, result]));
    if (!entries.every((entry) => told.has(entry.id))) throw Object.assign(new Error(), { unreachable: true });
    await this.#mark(entries, (entry) => judged(entry, told.get(entry.id)));
    this.hasMoved ||= results.some((result) => !result.retryable);
  }

  // One bad entry spoils a request: halves are tried until it stands alone.
  async #parted(entries, fault) {
    if (entries.length === 1) {
      const told = { code: fault.code, errors: fault.errors };
      return this.#mark(entries, (entry) => ({ ...entry, state: "refused", fault: told }));
    }
    const middle = Math.ceil(entries.length / 2);
    await this.#deliver(entries.slice(0, middle));
    await this.#deliver(entries.slice(middle));
  }

  // Files that can go: an observation goes before what belongs to it, a small file before a large one.
  async #files() {
    const arrived = new Set((await this.#own()).filter((entry) => ARRIVED.has(entry.state)).map((entry) => entry.id));
    const waiting = (await this.#all("file")).filter((file) => TO_BE_SENT.has(file.state) && arrived.has(file.observation_id));
    return waiting.sort((one, other) => (one.size ?? 0) - (other.size ?? 0));
  }

  // Gives what was wrong where a file would not go; the others are tried first, as long as there is a line.
  async #sendFiles() {
    let failed = null;
    for (const known of await this.#files()) {
      try {
        await this.#sendFile(known);
      } catch (fault) {
        if (isFinal(fault)) throw fault;
        failed = fault;
        if (fault.unreachable) break;
      }
    }
    return failed;
  }

  async #sendFile(known) {
    const file = await this.#content(known);
    if (!file) return;
    // What is filed while a film goes, which may take hours, does not wait for its end.
    const between = () => this.#send();
    const outcome = file.blob ? await this.net.upload(file, this.holder, between) : { code: "unreadable", errors: [] };
    await this.#amend("file", [after(file, outcome)]);
    this.hasMoved ||= outcome === "stored";
    this.changed();
  }

  // The file with its content; without, where that cannot be read any more: the others go all the same.
  async #content(known) {
    try {
      return await this.store.get("file", known.id);
    } catch (fault) {
      if (fault.unreadable) return known;
      throw fault;
    }
  }

  async #confirm() {
    // A photo that was kept only after its form was confirmed and wiped must not lie here for ever.
    const holding = new Set((await this.#all("file")).map((file) => file.observation_id));
    const asking = (await this.#own()).filter((entry) => ARRIVED.has(entry.state) && (!entry.wiped || holding.has(entry.id)));
    for (let at = 0; at < asking.length; at += RECEIPTS) {
      const part = asking.slice(at, at + RECEIPTS);
      const results = await this.net.receipts(
        part.map((entry) => entry.id),
        this.holder,
      );
      this.hasMoved = true;
      const told = new Map(results.map((result) => [result.id, result]));
      for (const entry of part) if (told.has(entry.id)) await this.#settle(entry, told.get(entry.id));
    }
  }

  async #settle(entry, told) {
    const files = (await this.#all("file")).filter((file) => file.observation_id === entry.id);
    const missing = new Set(told.attachments?.missing ?? []);
    if (told.status === "unknown" && entry.wiped) return;
    if (told.status === "unknown") {
      // The server lost it, or an older copy of it was brought back: what is still here goes again.
      await this.#amend("outbox", [{ ...entry, state: "waiting" }]);
      await this.#again(files);
    } else if (told.safe_to_delete && files.every((file) => file.state === "stored" && !missing.has(file.id))) {
      const known = { ...entry, receipt: told.receipt ?? entry.receipt, flags: told.flags ?? [] };
      const removals = files.map((file) => ["remove", "file", file.id]);
      // Where not even what remains of it finds room, nothing of it remains.
      const gone = (fault) => unlessFull(fault) ?? this.store.change([["remove", "outbox", entry.id], ...removals]);
      await this.store.change([["amend", "outbox", stub(known)], ...removals]).catch(gone);
    } else {
      await this.#again(files.filter((file) => file.state === "stored" && missing.has(file.id)));
      const lacking = [...missing].filter((id) => !files.some((file) => file.id === id)).length;
      if (lacking !== (entry.lacking ?? 0)) await this.#amend("outbox", [{ ...entry, lacking }]);
    }
    this.changed();
  }

  async #again(files) {
    await this.#amend(
      "file",
      files.map((file) => ({ ...file, state: "waiting" })),
    );
  }
}

// A full phone is no reason to stop; anything else is.
function unlessFull(fault) {
  if (!fault?.full) throw fault;
}

// What is no matter of one file: the server knows this phone no more or is busy, or something is wrong here.
function isFinal(fault) {
  return fault.signedOut || fault.status === 403 || Boolean(fault.after) || (!fault.unreachable && fault.status === undefined);
}

// A file after an upload: there, refused for good, or (a digest that differs) to be sent again a few times.
export function after(file, outcome) {
  const { blob, fault: _, ...rest } = file;
  if (outcome === "stored") return { ...rest, state: "stored" };
  const tries = (file.tries ?? 0) + 1;
  if (outcome.code === "digest_mismatch" && tries < TRIES_OF_A_FILE) return { ...rest, sha256: undefined, tries, state: "waiting" };
  return { ...rest, tries, fault: outcome, state: "refused" };
}
