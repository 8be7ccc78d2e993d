// Language, lock, this phone's enrolment, and the way to leave nothing behind.

import { bootstrap, bootstrapAt, go, load, refresh } from "../app.js";
import { button, el, field } from "../dom.js";
import * as lock from "../lock.js";
import * as session from "../session.js";
import { fault, moment, t } from "../words.js";
import { languages } from "./enrol.js";
import { wiping } from "./locked.js";

const CHOICES = [1, 2, 5, 15];

export async function show(root) {
  const known = await session.current();
  root.append(
    el("h1", {}, t("nav.settings")),
    el("section", { class: "card" }, el("h2", {}, t("shell.settings.language")), languages()),
    await locking(),
    await phone(known),
    el("section", { class: "card" }, el("h2", {}, t("shell.wipe.title")), el("p", {}, t("shell.wipe.text")), wiping()),
  );
}

async function locking() {
  const has = await lock.hasPin();
  const wrong = el("p", { class: "wrong", role: "alert" });
  const hidden = { type: "password", autocomplete: "new-password", required: true };
  const form = el(
    "form",
    { novalidate: true },
    has ? field(t("shell.lock.before"), { ...hidden, id: "before", autocomplete: "current-password" }) : "",
    field(t("shell.lock.new"), { ...hidden, id: "new" }, t("shell.lock.help", { n: lock.SHORTEST })),
    field(t("shell.lock.again"), { ...hidden, id: "again" }),
    wrong,
    el("button", { type: "submit", class: "main wide" }, has ? t("shell.lock.change") : t("shell.lock.set")),
  );
  const set = async (pin) => {
    wrong.textContent = t("shell.lock.checking");
    const wait = await lock.patience();
    const before = form.querySelector("#before")?.value ?? "";
    if (wait) wrong.textContent = t("shell.lock.wait", { n: wait });
    else if (await lock.setPin(before, pin)) await refresh();
    else wrong.textContent = t("shell.lock.wrong");
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [pin, again] = ["#new", "#again"].map((name) => form.querySelector(name).value);
    if (pin.length < lock.SHORTEST) wrong.textContent = t("shell.lock.short", { n: lock.SHORTEST });
    else if (pin !== again) wrong.textContent = t("shell.lock.differ");
    else set(pin);
  });
  const off = has ? button(t("shell.lock.off"), () => set(""), { class: "wide" }) : "";
  const now = has ? button(t("shell.lock.now"), () => lock.close(), { class: "wide" }) : "";
  return el(
    "section",
    { class: "card" },
    el("h2", {}, t("shell.lock.section")),
    el("p", {}, has ? t("shell.lock.is_on") : t("shell.lock.is_off")),
    now,
    has ? await idle() : "",
    form,
    off,
  );
}

async function idle() {
  const chosen = await lock.minutes();
  const options = CHOICES.map((each) =>
    el("option", { value: String(each), selected: each === chosen }, t("shell.lock.minutes", { n: each })),
  );
  const select = el("select", { id: "minutes", onchange: () => lock.setMinutes(Number(select.value)) }, options);
  return el("div", { class: "question" }, el("label", { class: "asked", for: "minutes" }, t("shell.lock.after")), select);
}

async function phone(known) {
  if (!known)
    return el(
      "section",
      { class: "card" },
      el("h2", {}, t("shell.phone.title")),
      button(t("shell.status.enrol"), () => go("enrol"), { class: "main wide" }),
    );
  const wrong = el("p", { role: "status" });
  const lists = bootstrap();
  const again = async () => {
    wrong.textContent = t("common.loading");
    try {
      await load();
      wrong.textContent = t("shell.phone.loaded");
    } catch (problem) {
      wrong.textContent = problem.unreachable ? t("fault.network") : fault(problem.signedOut ? "session_ended" : problem.code);
    }
  };
  const leave = async () => {
    await session.leave();
    go("enrol");
  };
  return el(
    "section",
    { class: "card" },
    el("h2", {}, t("shell.phone.title")),
    lists ? el("p", {}, lists.programme.name) : "",
    el("p", {}, t("shell.phone.member", { code: known.device.member, label: known.device.label })),
    bootstrapAt() ? el("p", { class: "soft" }, t("home.loaded", { when: moment(new Date(bootstrapAt()).toISOString()) })) : "",
    button(t("shell.phone.load"), again, { class: "wide" }),
    wrong,
    el(
      "details",
      { class: "more" },
      el("summary", {}, t("shell.phone.leave")),
      el("p", {}, t("shell.phone.leave_text")),
      button(t("shell.phone.leave_yes"), leave, { class: "danger wide" }),
    ),
  );
}
