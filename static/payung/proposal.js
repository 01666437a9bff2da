// The proposal editor: autosave that outlives a lost connection, files by dropping, people by name.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-autosave]");
  const status = document.querySelector("[data-save-status]");
  const key = `payung-draft-${form.dataset.draft}`;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const token = () => form.elements.csrfmiddlewaretoken.value;

  // ---- saving ----
  const PAUSE = 1200;
  let timer = 0;
  let saving = false;
  let dirty = false;

  function typed() {
    const data = {};
    for (const [name, value] of new FormData(form)) {
      if (name !== "csrfmiddlewaretoken" && name !== "co_initiators") data[name] = value;
    }
    data.co_initiators = new FormData(form).getAll("co_initiators");
    return data;
  }

  function tell(state, time) {
    status.dataset.state = state;
    status.querySelector("span").textContent = time ? `${status.dataset[state]} ${time}` : status.dataset[state];
  }

  function clock(moment) {
    const text = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: form.dataset.zone });
    return document.documentElement.lang === "id" ? text.replace(":", ".") : text;
  }

  // Storage may be full or forbidden; the server's copy is then the only one.
  function keepHere(data) {
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), data })); } catch { /* see above */ }
  }

  async function save() {
    clearTimeout(timer);
    if (saving) { dirty = true; return; }
    saving = true;
    dirty = false;
    const data = typed();
    keepHere(data);
    tell("saving");
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify(data),
      });
      if (!answer.ok || answer.redirected) throw new TypeError(answer.status);
      const said = await answer.json();
      showMeter(said.meter);
      if (!dirty) {
        localStorage.removeItem(key);
        tell("saved", clock(new Date(said.saved)));
      }
    } catch (problem) {
      const refused = Number(problem.message) >= 400;
      tell(refused ? "refused" : "offline");
      if (!refused) later(8000);
    }
    saving = false;
    if (dirty) later(PAUSE);
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  function changed() {
    dirty = true;
    showConditions();
    later(PAUSE);
  }

  // What was typed after the last save that arrived comes back, unless the server has newer.
  function restore() {
    const kept = JSON.parse(localStorage.getItem(key) || "null");
    if (!kept || kept.at / 1000 < Number(form.dataset.saved)) return;
    all("[type=checkbox]", form).forEach((box) => { box.checked = false; });
    for (const [name, value] of Object.entries(kept.data)) {
      const field = form.elements[name];
      if (!field || name === "co_initiators") continue;
      if (field.type === "checkbox") field.checked = true;
      else field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    tell("restored");
  }

  // ---- the meter, and parts that only some proposals need ----
  function showMeter(meter) {
    const bar = document.querySelector("[data-meter]");
    bar.value = meter.percent;
    document.querySelector("[data-meter-text]").textContent = `${meter.percent} %`;
    const filled = new Map(meter.fields.map((need) => [need.name, need]));
    const list = document.querySelector("[data-missing]");
    all("[data-need]", list).forEach((line) => line.remove());
    meter.fields.forEach((need) => {
      const line = document.createElement("li");
      line.dataset.need = need.name;
      line.hidden = need.filled;
      const link = document.createElement("a");
      link.href = `#${document.getElementById(`id_${need.name}`) ? `id_${need.name}` : `file-${need.name}`}`;
      link.textContent = need.label;
      line.append(link);
      list.append(line);
    });
    document.querySelector("[data-all-there]").hidden = meter.percent < 100;
    showParts(filled);
  }

  function showParts(filled) {
    all("[data-part]").forEach((link) => {
      const part = document.querySelector(link.hash);
      const needs = [...filled.values()].filter((need) => partOf(need.name) === part);
      link.classList.toggle("part-done", needs.every((need) => need.filled));
    });
  }

  function partOf(name) {
    const field = document.getElementById(`id_${name}`) || document.getElementById(`file-${name}`);
    return field?.closest("[data-section]") ?? null;
  }

  function partsAtFirst() {
    showParts(new Map(all("[data-need]").map((line) => [line.dataset.need, { name: line.dataset.need, filled: line.hidden }])));
  }

  function showConditions() {
    all("[data-when]").forEach((element) => {
      const [name, wanted] = element.dataset.when.split("=");
      element.hidden = new FormData(form).get(name) !== wanted;
    });
  }

  // ---- files ----
  async function send(url, data) {
    const failed = document.querySelector("[data-files-failed]");
    failed.hidden = true;
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: { "X-CSRFToken": token(), "HX-Request": "true" },
        body: data,
      });
      if (!answer.ok && answer.status !== 422) throw new TypeError(answer.status);
      document.getElementById("draft-files").innerHTML = await answer.text();
      save();
    } catch {
      failed.hidden = false;
    }
  }

  async function upload(drop, files) {
    const data = new FormData();
    data.append("kind", drop.elements.kind.value);
    [...files].forEach((file) => data.append("file", file));
    drop.classList.add("drop-busy");
    await send(drop.action, data);
    drop.classList.remove("drop-busy");
    drop.elements.file.value = "";
  }

  const evidence = document.getElementById("section-evidence");
  evidence.addEventListener("change", (event) => {
    const drop = event.target.closest("[data-drop]");
    if (drop && event.target.files?.length) upload(drop, event.target.files);
  });
  evidence.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target.action, new FormData(event.target, event.submitter));
  });
  for (const type of ["dragover", "dragleave", "drop"]) {
    evidence.addEventListener(type, (event) => {
      const drop = event.target.closest("[data-drop]");
      if (!drop) return;
      event.preventDefault();
      drop.classList.toggle("drop-over", type === "dragover");
      if (type === "drop" && event.dataTransfer.files.length) upload(drop, event.dataTransfer.files);
    });
  }
  // A file dropped beside its place must not replace the page and take the typed text with it.
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => event.preventDefault());

  // ---- start ----
  // Answers to remarks belong to the form wherever they stand.
  document.addEventListener("input", (event) => { if (event.target.name && event.target.form === form) changed(); });
  form.addEventListener("people:changed", changed);
  form.addEventListener("submit", () => { clearTimeout(timer); localStorage.removeItem(key); });
  addEventListener("online", save);
  addEventListener("visibilitychange", () => { if (document.hidden && dirty) save(); });
  restore();
  showConditions();
  partsAtFirst();
});

// ---- people: a field that finds them by name (combobox pattern of the ARIA authoring practices) ----
document.addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector("[data-people]");
  if (!field) return;
  const input = field.querySelector("[role=combobox]");
  const list = field.querySelector("[role=listbox]");
  const chosen = field.querySelector("[data-people-chosen]");
  const status = field.querySelector("[data-people-status]");
  let timer = 0;
  let asked = "";

  const options = () => [...list.children];
  const active = () => list.querySelector("[aria-selected=true]");
  const has = (id) => chosen.querySelector(`input[value="${CSS.escape(id)}"]`);
  const tell = () => field.dispatchEvent(new CustomEvent("people:changed", { bubbles: true }));

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(option) {
    options().forEach((other) => other.setAttribute("aria-selected", String(other === option)));
    if (!option) return;
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function show(people) {
    list.replaceChildren(...people.filter((who) => !has(who.id)).map((who) => {
      const option = document.createElement("li");
      option.id = `person-${who.id}`;
      option.role = "option";
      option.dataset.id = who.id;
      option.dataset.name = who.name;
      const unit = document.createElement("span");
      unit.className = "soft";
      unit.textContent = who.unit;
      option.append(who.name, unit);
      return option;
    }));
    const found = list.children.length > 0;
    list.hidden = !found;
    input.setAttribute("aria-expanded", String(found));
    status.textContent = found ? "" : status.dataset.none;
    status.classList.toggle("visually-hidden", found);
    if (found) mark(list.firstElementChild);
  }

  async function search() {
    const words = input.value.trim();
    asked = words;
    if (words.length < 2) { close(); return; }
    const answer = await fetch(`${field.dataset.people}?q=${encodeURIComponent(words)}`);
    if (answer.ok && asked === words) show((await answer.json()).people);
  }

  function choose(option) {
    const box = field.querySelector("template").content.cloneNode(true);
    const chip = box.querySelector("li");
    chip.querySelector("input").value = option.dataset.id;
    chip.querySelectorAll("[data-name]").forEach((place) => { place.textContent = option.dataset.name; });
    const words = option.dataset.name.split(",")[0].split(/\s+/).filter((word) => !word.endsWith("."));
    chip.querySelector(".face").textContent = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => word.charAt(0)).join("").toUpperCase();
    chosen.append(box);
    status.textContent = `${status.dataset.added} ${option.dataset.name}`;
    input.value = "";
    close();
    tell();
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 200); });
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("keydown", (event) => {
    const at = options().indexOf(active());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(options()[(at + step + options().length) % options().length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!list.hidden && active()) choose(active());
    } else if (event.key === "Escape") close();
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) { event.preventDefault(); choose(option); }
  });
  chosen.addEventListener("click", (event) => {
    const button = event.target.closest("[data-person-remove]");
    if (!button) return;
    status.textContent = `${status.dataset.removed} ${button.closest("li").querySelector("[data-name]").textContent}`;
    button.closest("li").remove();
    input.focus();
    tell();
  });
});
