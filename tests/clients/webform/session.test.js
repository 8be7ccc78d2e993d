// The phone's session against what comes in between: one that is enrolled anew stays so, and nothing goes in another's name.

import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import test from "node:test";

globalThis.crypto ??= webcrypto;

// As the browser's: one after the other.
const turns = new Map();
const locks = {
  request(name, work) {
    const mine = (turns.get(name) ?? Promise.resolve()).then(work);
    turns.set(name, mine.catch(() => null));
    return mine;
  },
};
Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });

// The real one would keep the process alive.
globalThis.BroadcastChannel = class {};

const session = await import("./in_memory/session.js");
const { kept } = await import("./in_memory/store.js");

const device = (member) => ({ id: `phone-of-${member}`, member, programme_id: "p", label: "a phone" });
const told = (member, n = 1) => ({ access_token: `access-${member}-${n}`, refresh_token: `refresh-${member}-${n}`, expires_in: 900 });
const answer = (status, body) => new Response(JSON.stringify(body), { status });
const CODE = "4Q7H02ZK9MXETB5C";

// A server that answers when it is told to: {path: [function of the request]}.
function serving(answers) {
  const asked = [];
  globalThis.fetch = async (address, options) => {
    const path = String(address).split("/v1/")[1];
    asked.push([path, options.headers.Authorization ?? null]);
    return answers[path](options);
  };
  return asked;
}

const later = () => new Promise((resolve) => setTimeout(resolve, 20));

async function enrolled(member) {
  serving({ devices: () => answer(201, { device: device(member), ...told(member) }) });
  await session.enrol(CODE, "a phone");
}

test("a refresh that is under way does not undo an enrolment, whatever it ends with", async () => {
  for (const [status, body] of [
    [200, told("OBS1", 2)],
    [401, { code: "session_ended" }],
  ]) {
    await enrolled("OBS1");
    await kept.put("kept", { ...(await session.current()), good: 0 });
    let go;
    serving({
      "auth/token": () => new Promise((resolve) => (go = () => resolve(answer(status, body)))),
      devices: () => answer(201, { device: device("OBS2"), ...told("OBS2") }),
    });
    const asking = session.call("me").catch((fault) => fault);
    await later();
    const enrolling = session.enrol(CODE, "a phone");
    await later();
    serving({ devices: () => answer(201, { device: device("OBS2"), ...told("OBS2") }), me: () => answer(200, {}) });
    go();
    await Promise.all([asking, enrolling]);
    const found = await session.current();
    assert.deepEqual([found.device.member, found.access, found.ended], ["OBS2", "access-OBS2-1", undefined]);
  }
});

test("what goes in somebody's name goes with no other's token, though the phone changed hands between two tries", async () => {
  await enrolled("OBS1");
  const asked = serving({
    "observations/batch": async () => {
      await kept.put("kept", { key: "session", device: device("OBS2"), access: "access-OBS2-1", refresh: "r", good: Date.now() + 600_000 });
      return answer(401, { code: "invalid_token" });
    },
  });
  await assert.rejects(session.call("observations/batch", { method: "POST", headers: {}, owner: "p/OBS1" }), { unreachable: true });
  assert.deepEqual(asked, [["observations/batch", "Bearer access-OBS1-1"]]);
});

test("a phone that is left stays so, though a refresh was under way", async () => {
  await enrolled("OBS1");
  let go;
  let asking;
  serving({
    "auth/token": () => new Promise((resolve) => (go = () => resolve(answer(200, told("OBS1", 2))))),
    me: () => answer(200, {}),
    "devices/phone-of-OBS1": async () => {
      await kept.put("kept", { ...(await session.current()), good: 0 });
      asking = session.call("me");
      await later();
      setTimeout(() => go(), 20);
      return new Response(null, { status: 204 });
    },
  });
  await session.leave();
  await asking.catch(() => null);
  assert.equal(await session.current(), null);
  await assert.rejects(session.call("me"), { signedOut: true });
});

test("a page that is not our server's refuses nothing and ends no session", async () => {
  await enrolled("OBS1");
  const page = (status) => new Response("<html>Sign in to this network</html>", { status });
  for (const status of [400, 401, 403, 404, 409, 422, 502]) assert.ok((await session.refusal(page(status))).unreachable, `${status}`);
  const large = await session.refusal(page(413));
  assert.deepEqual([large.status, large.code, large.unreachable], [413, "body_too_large", undefined]);
  serving({ me: () => page(401), "auth/token": () => page(403) });
  await assert.rejects(session.call("me"), { unreachable: true });
  assert.equal((await session.current()).ended, undefined);
});

test("five wrong tries and a clock that is set back lock nobody out for years", async () => {
  const lock = await import("./in_memory/lock.js");
  const year = 365 * 86_400_000;
  await kept.put("kept", { key: "lock", salt: new Uint8Array(16), iv: new Uint8Array(12), wrapped: new Uint8Array(48), tries: 6, tried_at: Date.now() });
  assert.equal(await lock.patience(), 4);
  await kept.put("kept", { ...(await kept.get("kept", "lock")), tried_at: Date.now() + year });
  assert.equal(await lock.patience(), 0);
});

test("a wrong try in one window does not put back the lock that another one changes meanwhile", async () => {
  const lock = await import("./in_memory/lock.js");
  await kept.change([["remove", "kept", "lock"]]);
  await lock.isLocked();
  assert.ok(await lock.setPin("", "first pin"));
  const [isOpen, isSet] = await Promise.all([lock.open("a wrong one"), lock.setPin("first pin", "second pin"), lock.setMinutes(15)]);
  assert.deepEqual([isOpen, isSet], [false, true]);
  assert.deepEqual([await lock.open("first pin"), await lock.open("second pin"), await lock.minutes()], [false, true, 15]);
});
