// The outbox of the phone against servers that lose, double, delay and refuse: nothing is lost, nothing is there twice.

import assert from "node:assert/strict";
import { createHash, webcrypto } from "node:crypto";
import test from "node:test";

import { digestOf } from "./digest.js";
import { rebased } from "./draft.js";
import { Gone, Memory } from "./memory.js";
import { asked, batched, delay, Outbox } from "./outbox.js";
import { cleaned, taken } from "./session.js";
import { upload } from "./upload.js";

globalThis.crypto ??= webcrypto;
const unreachable = () => Object.assign(new Error(), { unreachable: true });
const refused = (status, code, more = {}) => Object.assign(new Error(), { status, code, errors: [], ...more });
const body = (id, more = {}) => ({ id, form: "hearing", captured_at: "2012-04-05T15:20:00+05:00", answers: { note: "x" }, ...more });

// A server that stores by id, as ours does.
class Server {
  observations = new Map();
  files = new Map();
  asked = [];

  batch(items) {
    this.asked.push(items.map((item) => item.id));
    return items.map((item) => {
      const status = this.observations.has(item.id) ? "duplicate" : "created";
      this.observations.set(item.id, item);
      return { id: item.id, status, receipt: { seq: this.observations.size } };
    });
  }

  receipts(ids) {
    return ids.map((id) => ({ id, status: this.observations.has(id) ? "stored" : "unknown", safe_to_delete: this.observations.has(id) }));
  }

  upload(file) {
    this.files.set(file.id, (this.files.get(file.id) ?? 0) + 1);
    return "stored";
  }
}

function phone(server, { net = {}, owner = "p/OBS1", now = () => phone.clock } = {}) {
  const store = new Memory();
  const sure = {
    batch: async (items, owner) => server.batch(items, owner),
    receipts: async (ids, owner) => server.receipts(ids, owner),
    upload: async (...given) => server.upload(...given),
    ...net,
  };
  const made = new Outbox({ store, net: sure, owner: async () => made.holder, now, random: () => 0.5 });
  made.holder = owner;
  return made;
}
phone.clock = 1_000_000_000_000;

// File an observation with files that lie on the phone.
async function withFiles(made, id, files = ["f"]) {
  for (const each of files) await made.store.put("file", { id: each, observation_id: id, name: "а.jpg", type: "image/jpeg", size: 1, state: "draft", blob: new Blob(["x"]) });
  const known = await made.store.all("file");
  await made.enqueue(
    body(id),
    known.filter((file) => file.observation_id === id),
  );
}

const entry = (made, id) => made.store.tables.outbox.get(id);
const later = (ms) => (phone.clock += ms);

test("fifty phones on a line that loses, doubles and delays end with every observation exactly once", async () => {
  const server = new Server();
  let seed = 7;
  const chance = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
  const late = [];
  const lossy = (act) => async (given) => {
    if (chance() < 0.3) throw unreachable();
    if (chance() < 0.1) throw refused(503, "busy", { after: "7" });
    const copy = structuredClone(given);
    if (chance() < 0.2) late.push(() => act(copy));
    const answer = act(given);
    if (chance() < 0.3) throw unreachable();
    return answer;
  };
  const net = { batch: lossy((items) => server.batch(items)), receipts: lossy((ids) => server.receipts(ids)), upload: lossy((file) => server.upload(file)) };
  const phones = Array.from({ length: 50 }, () => phone(server, { net }));
  const filed = new Set();
  for (const [n, made] of phones.entries()) {
    for (let each = 0; each < 4; each++) {
      const id = `${n}-${each}`;
      filed.add(id);
      await withFiles(made, id, each ? [] : [`${id}-photo`]);
    }
  }
  for (let turn = 0; turn < 1500; turn++) {
    for (const made of phones) await made.round();
    if (late.length && chance() < 0.7) late.splice(Math.floor(chance() * late.length), 1)[0]();
    later(20_000);
    if (phones.every((made) => [...made.store.tables.outbox.values()].every((one) => one.wiped))) break;
  }
  assert.deepEqual(new Set(server.observations.keys()), filed);
  assert.equal(server.files.size, 50);
  for (const made of phones) {
    for (const one of made.store.tables.outbox.values()) {
      assert.ok(one.wiped);
      assert.equal(one.body.answers, undefined, "what was confirmed is wiped");
    }
    assert.equal(made.store.tables.file.size, 0);
  }
});

test("an observation lies in the outbox with its files or is still a draft: never neither, never both, and never twice", async () => {
  const made = phone(new Server());
  await made.store.put("draft", { id: "d" });
  await made.store.put("file", { id: "f", observation_id: "d", state: "draft", blob: new Blob(["x"]) });
  const files = await made.store.all("file");
  made.store.isFull = true;
  await assert.rejects(made.enqueue(body("a"), files, "d"));
  assert.equal(made.store.tables.draft.size, 1);
  assert.equal(made.store.tables.outbox.size, 0);
  assert.equal(made.store.tables.file.get("f").state, "draft");
  made.store.isFull = false;
  await made.enqueue(body("a"), files, "d");
  assert.equal(made.store.tables.draft.size, 0);
  assert.equal(entry(made, "a").state, "waiting");
  await made.round();
  await assert.rejects(made.enqueue(body("a", { captured_at: "2012-04-05T16:00:00+05:00" }), [], "d"), Gone);
  assert.ok(entry(made, "a").wiped, "what was read before it was filed is not filed over it");
});

test("what is deleted while it is being sent does not come back", async () => {
  const server = new Server();
  const net = { batch: async (items) => (await made.store.change([["remove", "outbox", "a"]]), server.batch(items)) };
  const made = phone(server, { net });
  await made.enqueue(body("a"));
  await made.enqueue(body("b"));
  await made.round();
  assert.deepEqual([...made.store.tables.outbox.keys()], ["b"]);
  assert.ok(entry(made, "b").wiped);
});

test("a photo that was still being sealed when its form was filed goes all the same", async () => {
  const server = new Server();
  const made = phone(server);
  await made.enqueue(body("a"));
  await made.store.put("file", { id: "late", observation_id: "a", state: "draft", blob: new Blob(["x"]) });
  await made.round();
  assert.ok(entry(made, "a").wiped);
  assert.deepEqual([...server.files.keys()], ["late"]);
});

test("a photo that was kept only when its form was wiped goes, is confirmed, and does not lie there for ever", async () => {
  const server = new Server();
  const made = phone(server);
  await made.enqueue(body("a"));
  await made.round();
  await made.store.put("file", { id: "late", observation_id: "a", state: "draft", blob: new Blob(["x"]) });
  server.receipts = (ids) => ids.map((id) => ({ id, status: "unknown", safe_to_delete: false }));
  await made.round();
  assert.deepEqual([entry(made, "a").state, made.store.tables.file.get("late").state], ["stored", "stored"], "what is left of a form is not filed");
  delete server.receipts;
  await made.round();
  assert.deepEqual([[...server.files.keys()], made.store.tables.file.size, server.asked], [["late"], 0, [["a"]]]);
});

test("a photo that cannot be read any more keeps no other back, and the observer is told", async () => {
  const server = new Server();
  const made = phone(server);
  await withFiles(made, "a", ["bad"]);
  await withFiles(made, "b", ["good"]);
  const { get } = made.store;
  made.store.get = async (kind, id) => (id === "bad" ? Promise.reject(Object.assign(new Error(), { unreadable: true })) : get.call(made.store, kind, id));
  await made.round();
  assert.deepEqual([...server.files.keys()], ["good"]);
  assert.ok(entry(made, "b").wiped);
  const { state, fault } = made.store.tables.file.get("bad");
  assert.deepEqual([state, fault.code, entry(made, "a").state, entry(made, "a").body.answers.note], ["refused", "unreadable", "stored", "x"]);
});

test("each word of the server leads to a state of its own", async () => {
  const words = {
    a: { status: "created", receipt: { seq: 1 } },
    b: { status: "held", code: "not_assigned", receipt: { seq: 2 } },
    c: { status: "invalid", code: "required", errors: [{ pointer: "/answers/basis", code: "required" }] },
    d: { status: "conflict", code: "id_conflict" },
    e: { status: "invalid", code: "storage_unavailable", retryable: true },
    f: { status: "a word of tomorrow", code: "new_code" },
  };
  const net = { batch: async (items) => items.map(({ id }) => ({ id, ...words[id] })), receipts: async (ids) => ids.map((id) => ({ id, status: "stored", safe_to_delete: false })) };
  const made = phone(new Server(), { net });
  for (const id of Object.keys(words)) await made.enqueue(body(id));
  const wait = await made.round();
  const states = Object.fromEntries(Object.keys(words).map((id) => [id, entry(made, id).state]));
  assert.deepEqual(states, { a: "stored", b: "held", c: "refused", d: "conflict", e: "waiting", f: "refused" });
  assert.deepEqual(entry(made, "c").fault.errors, [{ pointer: "/answers/basis", code: "required" }]);
  assert.ok(wait > 0, "what may be sent again is");
});

test("one bad entry harms no other, though the server refuses the whole request for it", async () => {
  const server = new Server();
  const net = {
    batch: async (items) => {
      if (items.some((item) => item.id === "bad")) throw refused(422, "too_deep");
      return server.batch(items);
    },
  };
  const made = phone(server, { net });
  for (const id of ["a", "b", "bad", "c"]) await made.enqueue(body(id));
  await made.round();
  assert.deepEqual([...server.observations.keys()].sort(), ["a", "b", "c"]);
  assert.equal(entry(made, "bad").state, "refused");
  assert.equal(entry(made, "bad").body.answers.note, "x", "and is still here whole");
});

test("what is filed while a film goes does not wait for its end, and what is whole is confirmed though the film would not go", async () => {
  const server = new Server();
  const made = phone(server);
  server.upload = async (file, _, between) => {
    await made.enqueue(body("b"));
    await between();
    await between();
    throw refused(500, "internal");
  };
  await withFiles(made, "a", ["film"]);
  assert.ok((await made.round()) > 0);
  assert.deepEqual(server.asked, [["a"], ["b"]]);
  assert.deepEqual([entry(made, "a").state, entry(made, "a").wiped, entry(made, "b").wiped], ["stored", undefined, true]);
  const sent = [];
  server.upload = async (file) => (sent.push(file.id), file.id === "film" ? Promise.reject(refused(500, "internal")) : "stored");
  await made.store.put("file", { id: "larger", observation_id: "a", size: 2, state: "waiting", blob: new Blob(["xy"]) });
  later(3_600_000);
  await made.round();
  assert.deepEqual(sent, ["film", "larger"], "one that fails each time keeps no other back");
});

test("a phone whose storage is full sends all the same, and has room again by that", async () => {
  const server = new Server();
  const made = phone(server);
  await withFiles(made, "a");
  await made.enqueue(body("b"));
  made.store.isFull = true;
  assert.equal(await made.round(), null);
  assert.deepEqual([[...server.observations.keys()], [...server.files.keys()]], [["a", "b"], ["f"]]);
  assert.equal(made.store.tables.outbox.size + made.store.tables.file.size, 0);
});

test("files that were refused are tried again when somebody asks", async () => {
  const server = new Server();
  let outcome = { code: "not_found", errors: [] };
  const made = phone(server, { net: { upload: async () => outcome } });
  await withFiles(made, "a");
  await made.round();
  assert.equal(made.store.tables.file.get("f").state, "refused");
  outcome = "stored";
  await made.again();
  await made.round();
  assert.ok(entry(made, "a").wiped);
});

test("a clock that is set back makes nobody wait longer than was meant", async () => {
  const server = new Server();
  const made = phone(server, { net: { batch: async () => Promise.reject(unreachable()) } });
  await made.enqueue(body("a"));
  assert.ok((await made.round()) > 0);
  made.net.batch = async (items) => server.batch(items);
  later(-7_200_000);
  await made.round();
  later(7_200_000);
  assert.equal(server.observations.size, 1);
});

test("nothing is asked before the server said, and our own guess yields to a button", async () => {
  const server = new Server();
  let fault = refused(503, "busy", { after: "120" });
  const net = {
    batch: async (items) => {
      if (fault) throw fault;
      return server.batch(items);
    },
  };
  const made = phone(server, { net });
  await made.enqueue(body("a"));
  assert.ok((await made.round()) >= 120_000);
  fault = null;
  later(119_000);
  made.hurry();
  assert.ok((await made.round()) > 0);
  assert.equal(server.asked.length, 0);
  later(2_000);
  await made.round();
  assert.equal(server.observations.size, 1);
  fault = unreachable();
  await made.enqueue(body("b"));
  assert.ok((await made.round()) > 0);
  fault = null;
  made.hurry();
  await made.round();
  assert.equal(server.observations.size, 2);
});

test("delays double up to a quarter of an hour, differ from phone to phone, and believe no clock for more than a day", () => {
  const middle = [0, 1, 2, 3, 20].map((tries) => delay(tries, null, () => 1));
  assert.deepEqual(middle, [5_000, 10_000, 20_000, 40_000, 900_000]);
  assert.equal(delay(3, null, () => 0), 20_000);
  assert.equal(delay(0, "60", () => 0), 60_000);
  assert.equal(asked("999999999"), 86_400_000);
  assert.equal(asked(new Date(30_000).toUTCString(), () => 0), 30_000);
  assert.equal(asked("soon"), 0);
});

test("what was being sent when the browser was killed is sent again", async () => {
  const server = new Server();
  const made = phone(server);
  await made.enqueue(body("a"));
  await made.store.put("outbox", { ...entry(made, "a"), state: "sending" });
  await made.round();
  assert.ok(entry(made, "a").wiped);
});

test("a phone that the server no longer knows keeps all, and sends it when it is enrolled again for the same observer only", async () => {
  const server = new Server();
  let isOut = true;
  const net = {
    batch: async (items) => {
      if (isOut) throw Object.assign(new Error(), { signedOut: true });
      return server.batch(items);
    },
  };
  const made = phone(server, { net });
  await made.enqueue(body("a"));
  await made.round();
  assert.equal(entry(made, "a").state, "needs_sign_in");
  isOut = false;
  made.holder = "p/OBS2";
  await made.round();
  assert.equal(server.observations.size, 0, "nobody files under another's name");
  made.holder = "p/OBS1";
  await made.round();
  assert.equal(server.observations.size, 1);
});

test("a phone handed on while it sends goes on for the one it began with, and the next holder sends and asks nothing of theirs", async () => {
  const server = new Server();
  const said = [];
  const net = {
    batch: async (items, owner) => {
      said.push(owner);
      made.holder = "p/OBS2";
      return server.batch(items);
    },
    receipts: async (ids, owner) => said.push(owner) && Promise.reject(unreachable()),
    upload: async (file, owner) => said.push(owner) && Promise.reject(unreachable()),
  };
  const made = phone(server, { net });
  await withFiles(made, "a");
  await made.round();
  assert.deepEqual(new Set(said), new Set(["p/OBS1"]));
  said.length = 0;
  later(3_600_000);
  assert.equal(await made.round(), null);
  assert.deepEqual(said, [], "neither a photo nor a question of the first one goes in the name of the second");
  assert.deepEqual([entry(made, "a").state, made.store.tables.file.get("f").state], ["stored", "waiting"]);
});

test("while a phone is nobody's nothing leaves it: whoever is being enrolled just then would send it in their own name", async () => {
  const server = new Server();
  const said = [];
  const net = { batch: async (items, owner) => said.push(owner) && server.batch(items), receipts: async (ids, owner) => said.push(owner) && [] };
  const made = phone(server, { net });
  await made.enqueue(body("a"));
  made.holder = null;
  assert.equal(await made.round(), null);
  assert.deepEqual([said, entry(made, "a").state], [[], "needs_sign_in"]);
  made.holder = "p/OBS1";
  await made.round();
  assert.equal(server.observations.size, 1);
});

test("where observers need an enrolled phone, a 403 waits for that and is not asked in a circle", async () => {
  const made = phone(new Server(), { net: { batch: async () => Promise.reject(refused(403, "device_required")) } });
  await made.enqueue(body("a"));
  assert.equal(await made.round(), null);
  assert.deepEqual([entry(made, "a").state, entry(made, "a").fault.code], ["needs_sign_in", "device_required"]);
});

test("nothing is deleted without a receipt, and what the server lost is sent again", async () => {
  const server = new Server();
  const made = phone(server);
  await withFiles(made, "a");
  server.receipts = (ids) => ids.map((id) => ({ id, status: "unknown", safe_to_delete: false }));
  await made.round();
  assert.equal(entry(made, "a").state, "waiting");
  assert.equal(entry(made, "a").body.answers.note, "x");
  assert.equal(made.store.tables.file.get("f").state, "waiting");
  server.receipts = (ids) => ids.map((id) => ({ id, status: "stored", safe_to_delete: false, attachments: { missing: ["f"] } }));
  later(3_600_000);
  await made.round();
  assert.equal(made.store.tables.file.get("f").state, "waiting", "a file that the server misses goes again");
  server.receipts = (ids) => ids.map((id) => ({ id, status: "stored", safe_to_delete: true, attachments: { missing: [] } }));
  later(3_600_000);
  await made.round();
  assert.ok(entry(made, "a").wiped);
  assert.equal(made.store.tables.file.size, 0);
});

test("an answer that is not about what was sent is no answer", async () => {
  const made = phone(new Server(), { net: { batch: async () => [{ id: "other", status: "created" }] } });
  await made.enqueue(body("a"));
  assert.ok((await made.round()) > 0);
  assert.equal(entry(made, "a").state, "waiting");
});

test("a request holds at most fifty entries and 256 kB, and never none", () => {
  const many = Array.from({ length: 120 }, (_, n) => ({ body: body(String(n)) }));
  assert.equal(batched(many).length, 50);
  const large = Array.from({ length: 5 }, (_, n) => ({ body: body(String(n), { answers: { note: "ж".repeat(60_000) } }) }));
  assert.equal(batched(large).length, 2);
  assert.equal(batched([{ body: body("a", { answers: { note: "x".repeat(900_000) } }) }]).length, 1);
});

// A tus server as ours, which cuts, forgets and complains as told.
class Tus {
  bytes = new Uint8Array();
  complaints = [];
  answers = [];

  answer(status, headers = {}, told = {}) {
    return { ok: status < 300, status, headers: new Headers(headers), json: async () => told };
  }

  call = async (path, { method, headers, body: part }) => {
    this.answers.push([method, path, headers["Upload-Offset"]]);
    const complaint = method === "PATCH" ? this.complaints.shift() : null;
    if (complaint === "cut") {
      this.bytes = Buffer.concat([this.bytes, Buffer.from(part).subarray(0, 1000)]);
      throw unreachable();
    }
    if (complaint) return this.answer(complaint.status, {}, complaint);
    if (method === "POST") {
      this.metadata = Object.fromEntries(headers["Upload-Metadata"].split(",").map((pair) => pair.split(" ")));
      return this.answer(this.bytes.length ? 200 : 201, { Location: "/v1/attachments/f", "Upload-Offset": String(this.bytes.length) });
    }
    if (method === "HEAD") return this.answer(200, { "Upload-Offset": String(this.bytes.length) });
    if (Number(headers["Upload-Offset"]) !== this.bytes.length) return this.answer(409, {}, { code: "offset_conflict" });
    this.bytes = Buffer.concat([this.bytes, Buffer.from(part)]);
    return this.answer(204, { "Upload-Offset": String(this.bytes.length) });
  };

  refusal = async (answer) => Object.assign(new Error(), { status: answer.status, errors: [], ...(await answer.json()) });
}

const film = () => ({ id: "f", observation_id: "a", name: "сот залы.mp4", type: "video/mp4", blob: new Blob([Buffer.alloc(1_300_000, "abc")]) });

test("a file cut in the middle goes on from where the server has it, and arrives byte for byte", async () => {
  const tus = new Tus();
  tus.complaints = [null, "cut", { status: 460, code: "checksum_mismatch" }];
  const file = film();
  await assert.rejects(upload(file, tus), { unreachable: true });
  assert.equal(await upload(file, tus), "stored");
  assert.ok(Buffer.from(await file.blob.arrayBuffer()).equals(Buffer.from(tus.bytes)));
  assert.equal(tus.answers.filter(([, , offset]) => offset === "0").length, 1, "and nothing goes twice");
  assert.equal(Buffer.from(tus.metadata.filename, "base64").toString(), "сот залы.mp4");
  assert.equal(Buffer.from(tus.metadata.sha256, "base64").toString(), createHash("sha256").update(tus.bytes).digest("hex"));
});

test("an offset that differs is asked for, what is there already is there, and what the server will not have is said", async () => {
  const tus = new Tus();
  tus.complaints = [{ status: 409, code: "offset_conflict" }];
  assert.equal(await upload(film(), tus), "stored");
  const there = new Tus();
  there.complaints = [{ status: 409, code: "already_received" }];
  assert.equal(await upload(film(), there), "stored");
  const large = new Tus();
  large.complaints = [{ status: 413, code: "body_too_large" }];
  assert.equal((await upload(film(), large)).code, "body_too_large");
  const full = new Tus();
  full.complaints = [{ status: 507, code: "storage_full" }];
  await assert.rejects(upload(film(), full), { status: 507 });
});

test("a file that arrived damaged goes again, and after three times the observer is told", async () => {
  const made = phone(new Server(), { net: { upload: async () => ({ code: "digest_mismatch", errors: [] }) } });
  await withFiles(made, "a");
  const states = [];
  for (let turn = 0; turn < 4; turn++) {
    await made.round();
    states.push(made.store.tables.file.get("f").state);
    later(3_600_000);
  }
  assert.deepEqual(states, ["waiting", "waiting", "refused", "refused"]);
  assert.ok(!entry(made, "a").wiped, "the form keeps its file");
});

test("the digest is SHA-256 at every length around a block and over parts", async () => {
  for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 70_001]) {
    const bytes = Buffer.from(Array.from({ length }, (_, n) => (n * 31) % 256));
    const expected = createHash("sha256").update(bytes).digest("hex");
    assert.equal(await digestOf(new Blob([bytes])), expected, `${length}`);
    assert.equal(await digestOf(new Blob([bytes]), 37), expected, `${length} in parts`);
  }
});

test("a code is taken as people type it, and from an address it is wiped at once", () => {
  assert.equal(cleaned(" 4q7h-o2zk 9mxe-tb5c "), "4Q7H02ZK9MXETB5C");
  assert.equal(cleaned("4Q7H-I2ZL-9MXE-TB5C"), "4Q7H12Z19MXETB5C");
  assert.equal(cleaned("4Q7H-02ZK-9MXE-TB5"), null);
  assert.equal(cleaned("4Q7H-02ZK-9MXE-TB5U"), null);
  const past = [];
  const place = { hash: "#enrol=4Q7H02ZK9MXETB5C", pathname: "/observe" };
  assert.equal(taken(place, { replaceState: (...given) => past.push(given) }), "4Q7H02ZK9MXETB5C");
  assert.deepEqual(past, [[null, "", "/observe"]]);
  assert.equal(taken({ hash: "#/home", pathname: "/observe" }, null), null);
  const broken = [];
  assert.equal(taken({ hash: "#enrol=%E0%A4%A", pathname: "/observe" }, { replaceState: () => broken.push(1) }), null);
  assert.equal(broken.length, 1, "a broken one too");
});

test("a correction put onto another version keeps what each of the two changed, and tells where both did", () => {
  const base = { left_at: "13:00", basis: "heard", note: "a", facts: [{ value: 1 }] };
  const theirs = { left_at: "13:00", basis: "seen", note: "b", facts: [{ value: 1 }], mode: "video" };
  const mine = { left_at: "14:00", basis: "heard", note: "c", confidence: "high" };
  const { answers, apart } = rebased(base, theirs, mine);
  assert.deepEqual(answers, { left_at: "14:00", basis: "seen", note: "c", mode: "video", confidence: "high" });
  assert.deepEqual(apart, { note: "b" });
  assert.deepEqual(rebased(base, base, base), { answers: base, apart: {} });
});
