// What the observer filed, as the server has it: asked for, and kept for when there is no network.

import * as session from "./session.js";
import * as store from "./store.js";

const LIMIT = 200;
const PAGES = 10;

/** Everything of one's own, newest first, with what was said about the returned ones. Kept for when there is no network. */
export async function loaded(before) {
  const known = new Map(before.map((each) => [each.id, each]));
  const { device } = await session.current();
  const found = await listed(device.member);
  for (const each of found.filter((one) => one.status === "returned" || one.status === "rejected")) {
    const same = known.get(each.id);
    each.thread = same?.thread && same.updated_at === each.updated_at ? same.thread : (await session.ask(`observations/${each.id}`)).thread;
  }
  const value = found.sort((one, other) => other.received_at.localeCompare(one.received_at));
  // The phone was handed on meanwhile: its next holder is not shown what others filed.
  if ((await session.current())?.device.id !== device.id) throw new session.Unreachable();
  await store.put("kept", { key: "mine", value });
  return value;
}

async function listed(member) {
  const found = [];
  let cursor = null;
  for (let page = 0; page < PAGES; page++) {
    const answer = await session.ask(`observations?limit=${LIMIT}&observer=${encodeURIComponent(member)}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    found.push(...answer.items.map(short));
    cursor = answer.next_cursor;
    if (!cursor) break;
  }
  return found;
}

function short({ id, case_id, hearing_id, form, form_code, received_at, updated_at, status, held_code, supersedes, flags }) {
  return { id, case_id, hearing_id, form, form_code, received_at, updated_at, status, held_code, supersedes, flags };
}
