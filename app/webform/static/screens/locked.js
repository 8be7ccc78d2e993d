// The lock: a PIN opens it, and whoever has forgotten it can only wipe the phone.

import { begin, refresh } from "../app.js";
import { button, el, field } from "../dom.js";
import * as lock from "../lock.js";
import * as store from "../store.js";
import { t } from "../words.js";
import { languages } from "./enrol.js";

export async function show(root) {
  const wrong = el("p", { class: "wrong", role: "alert" });
  const form = el(
    "form",
    { novalidate: true },
    field(t("shell.lock.pin"), { id: "pin", type: "password", autocomplete: "current-password", required: true }),
    wrong,
    el("button", { type: "submit", class: "main wide" }, t("shell.lock.open")),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await attempt(form, wrong);
  });
  root.append(languages(), el("h1", {}, t("shell.lock.title")), form, forgotten());
  form.querySelector("#pin").focus();
}

async function attempt(form, wrong) {
  const send = form.querySelector("[type=submit]");
  send.disabled = true;
  wrong.textContent = t("shell.lock.checking");
  const wait = await lock.patience();
  const isOpen = !wait && (await lock.open(form.querySelector("#pin").value));
  send.disabled = false;
  if (isOpen) {
    await begin();
    return refresh();
  }
  wrong.textContent = wait ? t("shell.lock.wait", { n: wait }) : t("shell.lock.wrong");
  form.querySelector("#pin").value = "";
  form.querySelector("#pin").focus();
}

function forgotten() {
  return el(
    "details",
    { class: "more" },
    el("summary", {}, t("shell.lock.forgotten")),
    el("p", {}, t("shell.lock.forgotten_text")),
    wiping(),
  );
}

// A button that asks once more before it wipes everything.
export function wiping() {
  const place = el("div");
  const ask = button(
    t("shell.wipe.do"),
    () => place.replaceChildren(el("p", { class: "notice bad", role: "alert" }, t("shell.wipe.sure")), sure),
    { class: "danger wide" },
  );
  const sure = button(t("shell.wipe.yes"), wipe, { class: "danger wide" });
  place.append(ask);
  return place;
}

async function wipe() {
  await store.wipe();
  location.replace(location.pathname);
}
