// Photos and files of a draft: taken or chosen, kept unchanged, shown small.

import { button, el, picker } from "./dom.js";
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
  for (const file of await filesOf(draft)) made.list.append(await shown(made, file));
  return { node, cleanup: () => made.addresses.forEach((address) => URL.revokeObjectURL(address)) };
}

async function added(made, files) {
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
  const told = { id: crypto.randomUUID(), observation_id: made.draft.id, name, type, size: file.size, state: "draft" };
  try {
    await store.put("file", { ...told, blob: file });
    made.list.append(await shown(made, told));
    return null;
  } catch (fault) {
    return fault instanceof store.StorageFull ? t("photo.full", { name }) : t("photo.unreadable", { name });
  }
}

async function shown(made, file) {
  const off = async () => {
    await store.remove("file", file.id);
    node.remove();
    document.getElementById("photos").focus();
  };
  const node = el("li", { class: "card" }, await small(made, file), el("p", {}, `${file.name} `, el("span", { class: "soft" }, size(file.size))), button(t("photo.remove", { name: file.name }), off, { class: "small" }));
  return node;
}

/** A picture of a picture; other kinds are shown by their name. */
async function small(made, file) {
  if (!/^image\/(jpeg|png|webp|gif)$/.test(file.type)) return null;
  const { blob } = await store.get("file", file.id);
  const address = URL.createObjectURL(blob);
  made.addresses.push(address);
  return el("img", { src: address, alt: "" });
}
