// The first screen: the coordinator's code makes this phone the observer's own.

import { go, load, speakFrom } from "../app.js";
import { button, el, field } from "../dom.js";
import * as session from "../session.js";
import * as sync from "../sync.js";
import { fault, language, LANGUAGES, t } from "../words.js";

const NAMES = { kk: "Қазақша", ru: "Русский", en: "English" };
let brought = null;

// A code that came in the address, already wiped from there.
export function bring(code) {
  brought = code;
}

export async function show(root) {
  const code = brought ?? (await session.unfinished()) ?? "";
  brought = null;
  const known = await session.current();
  const wrong = el("p", { class: "wrong", role: "alert" });
  const typed = { id: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", class: "code", required: true };
  const grouped = code.replace(/(.{4})(?=.)/g, "$1-");
  const form = el(
    "form",
    { novalidate: true },
    field(t("shell.enrol.code"), { ...typed, value: grouped, maxlength: "40" }, t("shell.enrol.code_help")),
    field(
      t("shell.enrol.label"),
      { id: "label", autocomplete: "off", maxlength: "60", value: t("shell.enrol.label_is") },
      t("shell.enrol.label_help"),
    ),
    wrong,
    el("button", { type: "submit", class: "main wide" }, t("shell.enrol.do")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form, wrong);
  });
  root.append(
    languages(),
    el("h1", {}, t("shell.enrol.title")),
    known && !known.ended ? el("p", { class: "notice warn" }, t("shell.enrol.already")) : "",
    el("p", {}, t("shell.enrol.text")),
    form,
  );
}

export function languages() {
  const choose = (each) =>
    button(NAMES[each], () => speakFrom(each), { class: "small", lang: each, "aria-pressed": String(each === language()) });
  return el("div", { class: "actions", role: "group", "aria-label": t("shell.settings.language") }, LANGUAGES.map(choose));
}

async function submit(form, wrong) {
  const code = session.cleaned(form.querySelector("#code").value);
  const input = form.querySelector("#code");
  wrong.textContent = "";
  input.removeAttribute("aria-invalid");
  if (code === null) return told(input, wrong, t("shell.enrol.not_a_code"));
  const send = form.querySelector("[type=submit]");
  send.disabled = true;
  try {
    await session.enrol(code, form.querySelector("#label").value.trim() || t("shell.enrol.label_is"));
  } catch (problem) {
    return told(input, wrong, words(problem));
  } finally {
    send.disabled = false;
  }
  await load().catch(() => null);
  sync.run({ isAsked: true });
  go("home");
}

function told(input, wrong, text) {
  wrong.textContent = text;
  input.setAttribute("aria-invalid", "true");
  input.focus();
}

const KNOWN = new Set(["code_used", "code_expired", "code_withdrawn", "not_found"]);

function words(problem) {
  if (problem instanceof session.Unreachable) return t("shell.enrol.unreachable");
  return KNOWN.has(problem.code) ? t(`shell.enrol.${problem.code}`) : fault(problem.code);
}
