// The drafts on this phone: go on with one, or delete it.

import { bootstrap, go, refresh } from "../app.js";
import { button, el } from "../dom.js";
import { dropped } from "../draft.js";
import { progress } from "../forms.js";
import { listsOf } from "../lists.js";
import * as store from "../store.js";
import { day, moment, t } from "../words.js";

export async function show(root) {
  const lists = listsOf(bootstrap());
  const drafts = (await store.all("draft")).sort((one, other) => other.changed_at - one.changed_at);
  root.append(
    el("h1", {}, t("drafts.title")),
    drafts.length ? el("ul", { class: "plain" }, drafts.map((draft) => card(lists, draft, drafts))) : el("p", { class: "notice" }, t("drafts.none")),
  );
}

function card(lists, draft, drafts) {
  const form = lists.form(draft.form);
  const parent = drafts.find((each) => each.id === draft.parent);
  const acts = el("div", { class: "actions" });
  acts.append(
    button(t("drafts.continue"), () => go("form", { draft: draft.id }), { class: "main" }),
    button(t("drafts.delete"), () => asked(acts, draft), { class: "danger" }),
  );
  return el(
    "li",
    { class: "card" },
    el("h2", {}, lists.title(draft.form)),
    el("p", {}, lists.place(draft.case_id, draft.hearing_id, day)),
    draft.supersedes ? el("p", {}, el("span", { class: "badge" }, t("drafts.correction"))) : "",
    parent ? el("p", { class: "soft" }, t("drafts.part_of", { form: lists.title(parent.form) })) : "",
    form ? el("p", {}, t("form.progress", progress(form, draft.answers))) : "",
    el("p", { class: "soft small" }, t("drafts.changed", { when: moment(new Date(draft.changed_at).toISOString()) })),
    acts,
  );
}

function asked(acts, draft) {
  const before = [...acts.children];
  const off = async () => {
    if (await dropped(draft)) return refresh();
    question.textContent = t("form.elsewhere");
  };
  const question = el("p", { tabindex: "-1" }, t("drafts.sure"));
  const back = () => {
    acts.replaceChildren(...before);
    before[1].focus();
  };
  acts.replaceChildren(question, button(t("drafts.delete_yes"), off, { class: "danger" }), button(t("common.cancel"), back));
  question.focus();
}
