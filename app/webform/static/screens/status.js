// What is on the server and what is only here: every entry of the outbox with its state in words, and what can be done about it.

import { bootstrap, go } from "../app.js";
import { button, el } from "../dom.js";
import { asMap, rebased } from "../draft.js";
import { listsOf } from "../lists.js";
import * as session from "../session.js";
import * as store from "../store.js";
import * as sync from "../sync.js";
import { day, fault, label, moment, size, t } from "../words.js";
import { keeping } from "./keeping.js";

const BADGES = { waiting: "warn", sending: "warn", stored: "good", held: "warn", refused: "bad", needs_sign_in: "bad", conflict: "bad" };
const HOUR = 3_600_000;
const A_LOT = HOUR / 2;
const off = () => Math.max(1, Math.round(Math.abs(session.clockBehind()) / HOUR));
// Browsers tell of no more room than they like to: only that there is little is worth saying.
const SHORT = 500_000_000;

export async function show(root) {
  const [room, lost] = [await store.room(), await store.unreadable()];
  const isKept = await navigator.storage?.persisted?.().catch(() => false);
  const ended = Boolean((await session.current())?.ended);
  const top = el("div", { role: "status" });
  const list = el("div");
  root.append(
    el("h1", {}, t("shell.status.title")),
    ended
      ? el(
          "div",
          { class: "notice bad" },
          el("p", {}, t("shell.status.ended")),
          button(t("shell.status.enrol"), () => go("enrol"), { class: "main" }),
        )
      : "",
    top,
    lost ? el("p", { class: "notice bad" }, t("shell.status.unreadable", { n: lost })) : "",
    Math.abs(session.clockBehind()) > A_LOT ? el("p", { class: "notice warn" }, t("shell.status.clock", { n: off() })) : "",
    button(t("shell.status.send"), () => sync.run({ isAsked: true, isButton: true }), { class: "main wide" }),
    list,
    keeping(),
    el(
      "p",
      { class: "soft small" },
      room === null || room > SHORT ? "" : t("shell.status.room", { size: size(Math.max(room, 0)) }),
      " ",
      isKept ? "" : t("shell.status.not_persisted"),
    ),
  );
  return sync.subscribe((told) => draw(top, list, told));
}

function draw(top, list, { running, entries, progress }) {
  const here = entries.filter((entry) => !entry.wiped);
  const there = entries.filter((entry) => entry.wiped);
  const lines = [here.length ? t("shell.status.here", { n: here.length }) : t("shell.status.none_here")];
  if (!navigator.onLine) lines.push(t("common.offline"));
  else if (running) lines.push(t("shell.status.running"));
  top.replaceChildren(...lines.map((line) => el("p", { class: here.length ? "notice warn" : "notice" }, line)));
  list.replaceChildren(
    el("h2", {}, t("shell.status.only_here")),
    here.length
      ? el(
          "ul",
          { class: "plain" },
          here.map((entry) => card(entry, progress)),
        )
      : el("p", { class: "soft" }, t("shell.status.nothing")),
    there.length ? el("h2", {}, t("shell.status.on_server")) : "",
    there.length
      ? el(
          "ul",
          { class: "plain" },
          there.map((entry) => card(entry)),
        )
      : "",
    there.length ? button(t("shell.status.tidy"), sync.tidy, { class: "small" }) : "",
  );
}

function card(entry, progress) {
  const { form, form_code: own, case_id: of, hearing_id: hearing, captured_at: at } = entry.body;
  const lists = listsOf(bootstrap());
  return el(
    "li",
    { class: "card" },
    el("h3", {}, lists.title(own ?? form)),
    el("p", {}, lists.place(of, hearing, day)),
    el("p", { class: "soft small" }, t("shell.status.filled", { when: moment(at) })),
    el("p", {}, el("span", { class: `badge ${isHalf(entry) ? "warn" : BADGES[entry.state]}` }, t(stateKey(entry)))),
    ...(entry.flags ?? []).map((flag) => el("p", { class: "soft" }, t(`flag.${flag}`))),
    filesOf(entry, progress),
    reasons(entry),
    acts(entry),
  );
}

const isHalf = (entry) => entry.state === "stored" && !entry.wiped;

// "On the server" while files are still here would be half a truth.
function stateKey(entry) {
  if (isHalf(entry)) return entry.files.of > entry.files.sent ? "shell.status.files_left" : "shell.status.unconfirmed";
  return `state.${entry.state}`;
}

function filesOf({ files, lacking }, progress) {
  const told = [];
  if (files.of) told.push(el("p", {}, t("shell.status.files", { sent: files.sent, of: files.of })));
  if (files.of && progress?.file)
    told.push(el("progress", { value: progress.at, max: progress.of, "aria-label": t("shell.status.running") }));
  if (lacking) told.push(el("p", { class: "wrong" }, t("shell.status.lacking", { n: lacking })));
  for (const file of files.refused) told.push(el("p", { class: "wrong" }, `${file.name}: ${fileFault(file.fault)}`));
  return told;
}

function fileFault(told) {
  const key = `shell.file.${told?.code}`;
  const text = t(key);
  return text === key ? fault(told?.code) : text;
}

function reasons(entry) {
  if (!entry.fault || entry.state === "stored") return null;
  const named = entry.fault.errors?.length ? entry.fault.errors : [entry.fault];
  const codes = [...new Set(named.map((each) => each.code))];
  return codes.map((code) =>
    el("p", { class: sync.MENDED.has(entry.state) ? "wrong" : "soft" }, entry.state === "held" ? t(`mine.held.${code}`) : why(entry, code)),
  );
}

function why(entry, code) {
  return code === "stale_version" && entry.fault.current ? t("shell.status.stale") : fault(code);
}

// A correction that another one forestalled goes onto the version that stands now, which only the server has.
async function onto(entry) {
  const { current } = entry.fault;
  if (!current) return {};
  const [base, theirs] = await Promise.all([entry.body.supersedes, current].map((id) => session.ask(`observations/${id}`)));
  const { answers, apart } = rebased(asMap(base.answers), asMap(theirs.answers), asMap(entry.body.answers));
  const form = listsOf(bootstrap()).form(theirs.form_code ?? theirs.form);
  const noted = Object.entries(apart).map(([code, said]) => [code, { key: "form.otherwise", values: { theirs: inWords(form, code, said) } }]);
  return { supersedes: current, answers, notes: Object.fromEntries(noted) };
}

function inWords(form, code, said) {
  const terms = bootstrap().vocabularies[form?.questions.get(code)?.choices] ?? [];
  const word = (each) => (typeof each === "object" ? "…" : label(terms.find((term) => term.code === each) ?? { code: String(each) }));
  return said === null ? "–" : [said].flat().map(word).join(", ");
}

function acts(entry) {
  if (entry.state === "needs_sign_in") return button(t("shell.status.enrol"), () => go("enrol"));
  if (!sync.MENDED.has(entry.state)) return null;
  const wrong = el("p", { class: "wrong", role: "alert" });
  const mend = async () => {
    try {
      const draft = await sync.mend(entry.id, await onto(entry));
      if (draft) go("form", { draft: draft.id });
    } catch (problem) {
      if (!problem.unreachable) throw problem;
      wrong.textContent = t("fault.network");
    }
  };
  const place = el("div", { class: "actions" });
  const sure = [
    el("p", { role: "alert" }, t("drafts.sure")),
    button(t("drafts.delete_yes"), () => sync.discard(entry.id), { class: "danger" }),
  ];
  place.append(
    button(t("shell.status.mend"), mend, { class: "main" }),
    button(t("drafts.delete"), () => place.append(...sure), { class: "danger" }),
  );
  return [place, wrong];
}
