// Photos and files of a draft: taken or chosen, kept unchanged, shown small.

import { button, el, picker } from "./dom.js";
import { framed } from "./fields.js";
import * as store from "./store.js";
import { size, t } from "./words.js";

const LARGEST = 200 * 1024 * 1024;
const MOST = 20;
const TAKEN = "image/*,video/*,audio/*,application/pdf";

/** The files of a draft that are on the phone, without their content. */
export async function filesOf(draft) {
  return (await store.all("file")).filter((file) => file.observation_id === draft.id);
}

/** The part of a page where files are added and shown. Gives {node, cleanup}. */
export async function photosOf(draft) {
  const made = { draft, list: el("ul", { class: "plain files" }), wrong: el("div", { role: "alert" }), addresses: [] };
  const { node: pick, input } = picker(t("photo.add"), { id: "photos", accept: TAKEN, multiple: true, "aria-describedby": "photos-help" });
  input.addEventListener("change", async () => {
    await added(made, [...input.files]);
    input.value = "";
  });
  const node = el(
    "section",
    { "aria-labelledby": "photos-title" },
    el("h2", { id: "photos-title" }, t("photo.title")),
    el("div", { class: "question" }, el("p", { class: "help", id: "photos-help" }, t("photo.help")), pick, made.wrong),
    made.list,
  );
  for (const file of await filesOf(draft)) if (!file.question) made.list.append(await shown(made, file));
  return { node, cleanup: () => made.addresses.forEach((address) => URL.revokeObjectURL(address)) };
}

/** The control of a question that asks for files: they go with the draft, and the answer names them. `tell(ids or null)`. */
export function filesAsked({ draft, question, value, tell, ...frame }) {
  const ids = new Set(Array.isArray(value) ? value : []);
  const told = () => tell(ids.size ? [...ids] : null);
  const list = el("ul", { class: "plain files" });
  const made = { draft, question, list, wrong: el("div", { role: "alert" }), addresses: [], focus: `${frame.id}` };
  made.keeps = (file) => (ids.add(file.id), told());
  made.loses = (file) => (ids.delete(file.id), told());
  filesOf(draft).then(async (files) => {
    // Taken off just before the app was closed, and named still; a correction names what the server has.
    const lost = draft.supersedes ? [] : [...ids].filter((id) => !files.some((file) => file.id === id));
    for (const id of lost) made.loses({ id });
    for (const file of files.filter((each) => each.question === question)) {
      // Kept just before the app was closed, and not named yet.
      if (!ids.has(file.id)) made.keeps(file);
      list.append(await shown(made, file));
    }
  });
  return framed({
    ...frame,
    group: "group",
    build: ({ id }) => {
      const { node, input } = picker(t("photo.add"), { id, accept: TAKEN, multiple: true });
      input.addEventListener("change", async () => {
        await added(made, [...input.files]);
        input.value = "";
      });
      return { node: el("div", {}, node, made.wrong, list), controls: [input] };
    },
  });
}

const adding = new Set();

/** Wait until what was chosen lies on the phone: a large file takes seconds to be sealed, and must not miss the form that it goes with. */
export async function settled() {
  await Promise.all(adding);
}

function added(made, files) {
  const all = addedAll(made, files);
  adding.add(all);
  return all.finally(() => adding.delete(all));
}

async function addedAll(made, files) {
  made.wrong.replaceChildren();
  for (const file of files) {
    const fault = faultOf(file, made.list.children.length) ?? (await kept(made, file));
    if (fault) made.wrong.append(el("p", { class: "wrong" }, fault));
  }
}

function faultOf(file, count) {
  if (file.size === 0) return t("photo.empty", { name: file.name });
  if (file.size > LARGEST) return t("photo.too_large", { name: file.name });
  return count >= MOST ? t("photo.too_many", { n: MOST, name: file.name }) : null;
}

async function kept(made, file) {
  const { name, type } = file;
  const told = { id: crypto.randomUUID(), observation_id: made.draft.id, name, type, size: file.size, state: "draft", ...(made.question ? { question: made.question } : {}) };
  try {
    const put = ["put", "file", { ...told, blob: file }];
    await store.change([["need", "draft", made.draft.id], put]).catch(async (fault) => {
      // Filed in another window meanwhile: it goes after its form.
      if (!(fault instanceof store.Gone) || !(await store.get("outbox", made.draft.id))) throw fault;
      await store.change([["need", "outbox", made.draft.id], put]);
    });
    made.list.append(await shown(made, told));
    made.keeps?.(told);
    return null;
  } catch (fault) {
    if (fault instanceof store.Gone) return t("form.gone");
    return fault instanceof store.StorageFull ? t("photo.full", { name }) : t("photo.unreadable", { name });
  }
}

async function shown(made, file) {
  const off = async () => {
    await store.remove("file", file.id);
    node.remove();
    made.loses?.(file);
    document.getElementById(made.focus ?? "photos").focus();
  };
  const node = el("li", { class: "card" }, await small(made, file), el("p", {}, `${file.name} `, el("span", { class: "soft" }, size(file.size))), button(t("photo.remove", { name: file.name }), off, { class: "small" }));
  return node;
}

/** A picture of a picture; other kinds are shown by their name. */
async function small(made, file) {
  if (!/^image\/(jpeg|png|webp|gif)$/.test(file.type)) return null;
  const found = await store.get("file", file.id).catch(() => null);
  if (!found?.blob) return null;
  const address = URL.createObjectURL(found.blob);
  made.addresses.push(address);
  return el("img", { src: address, alt: "", onload: () => URL.revokeObjectURL(address) });
}
