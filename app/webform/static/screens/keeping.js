// A copy of what is only here in a file, and what such a file holds taken over.

import { el, picker } from "../dom.js";
import * as keep from "../keep.js";
import { StorageFull } from "../store.js";
import * as sync from "../sync.js";
import { t } from "../words.js";

// Two parts of a page that are folded up.
export function keeping() {
  return el("div", { class: "apart" }, saving(), taking());
}

function saving() {
  const name = el("input", { id: "keep-phrase", type: "password", autocomplete: "new-password", "aria-describedby": "keep-phrase-help" });
  return folded("keep", [phrase(name, t("shell.keep.phrase_help", { n: keep.SHORTEST }))], async (tell) => {
    if (name.value.length < keep.SHORTEST) return tell(t("shell.lock.short", { n: keep.SHORTEST }));
    tell(t("shell.lock.checking"), "");
    const file = await keep.copied(name.value);
    if (file === null) return tell(t("shell.keep.nothing"));
    handOut(file);
    name.value = "";
    tell(t("shell.keep.done"), "");
  });
}

function phrase(input, help) {
  const told = el("p", { class: "help", id: `${input.id}-help` }, help);
  return el("div", { class: "question" }, el("label", { class: "asked", for: input.id }, t("shell.keep.phrase")), told, input);
}

// As a download whose name tells nothing.
function handOut(file) {
  const address = URL.createObjectURL(file);
  const link = el("a", { href: address, download: `copy-${new Date().toISOString().slice(0, 10)}.bin` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function taking() {
  const name = el("input", { id: "take-phrase", type: "password", autocomplete: "off", "aria-describedby": "take-phrase-help" });
  const { node, input, tell: named } = picker(t("shell.take.file"), { id: "take-file" });
  input.addEventListener("change", () => named(input.files[0]?.name));
  return folded("take", [node, phrase(name, t("shell.take.phrase_help"))], async (tell) => {
    const [file] = input.files;
    if (!file) return tell(t("shell.take.none"));
    tell(t("shell.lock.checking"), "");
    const { drafts, entries } = await keep.takenOver(file, name.value);
    name.value = "";
    tell(t("shell.take.done", { drafts, entries }), "");
    sync.run({ isAsked: true });
  });
}

function folded(kind, fields, act) {
  const told = el("p", { role: "status" });
  const tell = (text, look = "wrong") => {
    told.className = look;
    told.textContent = text;
  };
  const send = el("button", { type: "submit", class: "wide" }, t(`shell.${kind}.do`));
  const form = el("form", { novalidate: true }, ...fields, told, send);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    try {
      await act(tell);
    } catch (fault) {
      tell(inWords(fault));
    } finally {
      send.disabled = false;
    }
  });
  return el("details", { class: "more", id: kind }, el("summary", {}, t(`shell.${kind}.title`)), el("p", {}, t(`shell.${kind}.text`)), form);
}

function inWords(fault) {
  if (fault instanceof keep.NotKept) return t("shell.take.not_a_file");
  if (fault instanceof keep.WrongPhrase) return t("shell.take.wrong");
  if (fault instanceof StorageFull) return t("shell.take.full");
  throw fault;
}
