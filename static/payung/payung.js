// What every page may use. Without JavaScript all of it still works, with a click or two more.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // The theme is kept in a cookie, so that the server can draw the first page in it without a flash.
  function toggleTheme() {
    const root = document.documentElement;
    const dark = root.dataset.bsTheme
      ? root.dataset.bsTheme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.bsTheme = dark ? "light" : "dark";
    document.cookie = `theme=${root.dataset.bsTheme}; path=/; max-age=31536000; samesite=lax`;
  }

  // Rows of a table form: Django counts them in a hidden field and reads their number from the names.
  function addRow(button) {
    const table = button.closest("[data-rows]");
    const folded = table.querySelector("[data-row][hidden]");
    if (folded) {
      folded.hidden = false;
      folded.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      return;
    }
    const total = table.querySelector(`[name="${table.dataset.rows}-TOTAL_FORMS"]`);
    const most = table.querySelector(`[name="${table.dataset.rows}-MAX_NUM_FORMS"]`);
    if (most && Number(total.value) >= Number(most.value)) return;
    const list = table.querySelector("[data-rows-list]");
    const box = document.createElement("template");
    box.innerHTML = table.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    total.value = Number(total.value) + 1;
    list.append(box.content);
    list.lastElementChild.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }

  // Rows that wait empty at the end of a table come one by one, when somebody asks for them.
  function foldRows(table) {
    const rows = all("[data-row]", table);
    const empty = (row) => all("input, select, textarea", row).every((field) => (
      field.type === "hidden" || (field.type === "checkbox" ? !field.checked : !field.value || field.value === field.dataset.usual)));
    const keep = Math.max(1, rows.findLastIndex((row) => !empty(row)) + 1);
    rows.forEach((row, index) => { if (index >= keep && !row.querySelector(".field-wrong")) row.hidden = true; });
  }

  const amount = (text) => Number(text.replace(/\./g, "").replace(",", ".")) || 0;

  // Under a table whose column is to be added up: data-sum names the column.
  function addUp(table) {
    const output = table.querySelector("[data-sum]");
    if (!output) return;
    const cells = all(`[name$="-${output.dataset.sum}"]`, table).filter((cell) => !cell.closest(".row-going"));
    const sum = cells.reduce((total, cell) => total + amount(cell.value), 0);
    output.querySelector("output").textContent = sum.toLocaleString("id", { minimumFractionDigits: sum % 1 ? 2 : 0, maximumFractionDigits: 2 });
    if (output.dataset.goal) output.classList.toggle("words-enough", sum === Number(output.dataset.goal));
  }

  function closeMenus(except) {
    all("details[data-menu][open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  }

  const words = (text) => text.trim().split(/\s+/u).filter(Boolean).length;

  function countWords(field) {
    const output = document.querySelector(`[data-words-for="${field.id}"]`);
    if (!output) return;
    const count = words(field.value);
    output.querySelector("[data-words]").textContent = count.toLocaleString(document.documentElement.lang);
    output.classList.toggle("words-enough", count >= Number(output.dataset.least));
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    closeMenus(target.closest("details[data-menu]"));
    if (target.closest("[data-theme-toggle]")) toggleTheme();
    const add = target.closest("[data-rows-add]");
    if (add) addRow(add);
  });

  document.addEventListener("change", (event) => {
    if (event.target.name?.endsWith("-DELETE")) {
      event.target.closest("[data-row]")?.classList.toggle("row-going", event.target.checked);
    }
    const table = event.target.closest("[data-rows]");
    if (table) addUp(table);
    if (event.target.matches("[data-keys-switch]")) localStorage.setItem("payung-keys", event.target.checked ? "on" : "off");
    if (event.target.matches("[data-submit-on-change] :is(select, [type=checkbox])")) event.target.form.requestSubmit();
  });

  // Names appear while somebody types one; without this, user name, NIP or full name are typed out.
  async function findPeople(field) {
    const list = field.list, typed = field.value.trim();
    if (typed.length < 2 || [...list.options].some((one) => one.value === field.value)) return;
    const answer = await fetch(`${list.dataset.people}?q=${encodeURIComponent(typed)}`);
    if (!answer.ok || field.value.trim() !== typed) return;
    list.replaceChildren(...(await answer.json()).people.map((who) => new Option(who.unit, who.label)));
  }

  document.addEventListener("input", (event) => {
    countWords(event.target);
    if (event.target.matches("[data-people-list]")) findPeople(event.target);
    const table = event.target.closest("[data-rows]");
    if (table) addUp(table);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(); });

  // The slider of a timeline says where it stands, and goes there when it has come to rest.
  let resting;
  document.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-stops]")) return;
    const stop = target.dataset.stops.split("|")[target.value];
    target.form.querySelector("output").textContent = stop;
    target.setAttribute("aria-valuetext", stop);
    clearTimeout(resting);
    resting = setTimeout(() => target.form.requestSubmit(), 600);
  });

  // ---- the inbox: the first item opens by itself on a wide screen, and keys move and decide ----
  const keysOn = () => localStorage.getItem("payung-keys") !== "off";
  const items = () => all("[data-item]");

  function openFirst() {
    const waiting = document.querySelector("[data-nothing-open]");
    const first = items()[0];
    if (waiting && first?.matches("[hx-get]") && window.htmx && matchMedia("(min-width: 860px)").matches) {
      first.setAttribute("aria-current", "true");
      window.htmx.ajax("GET", first.href, { target: "#pane", select: "#pane", swap: "outerHTML" });
    }
  }

  function move(step) {
    const at = items().findIndex((item) => item.hasAttribute("aria-current"));
    const next = items()[at < 0 ? 0 : at + step];
    if (!next) return;
    next.focus();
    next.click();
  }

  function press(key) {
    const note = document.getElementById("id_note");
    if (key === "j") move(1);
    if (key === "k") move(-1);
    if (key === "a") document.querySelector("[data-decision] [name=outcome][value=approve]")?.focus();
    if (key === "r" || key === "c") note?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (!document.querySelector("[data-inbox]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]") || !keysOn()) return;
    if ("jkarc".includes(event.key)) {
      event.preventDefault();
      press(event.key);
    }
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const item = event.target.closest?.("[data-item]");
    if (!item) return;
    items().forEach((other) => other.removeAttribute("aria-current"));
    item.setAttribute("aria-current", "true");
    const inbox = item.closest("[data-inbox]");
    inbox.classList.add("inbox-opened");
    inbox.classList.remove("inbox-alone");
  });

  // Two answers may be on their way: the item that was chosen last is the one that opens.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const chosen = document.querySelector("[data-item][aria-current]");
    const answered = new URL(event.detail.pathInfo.requestPath, location.href).href;
    if (chosen && answered !== chosen.href) event.detail.shouldSwap = false;
  });

  // Whoever does not approve says why: told here before the server has to.
  function noteMissing(event) {
    const outcome = event.submitter?.name === "outcome" ? event.submitter.value : "";
    const form = event.target;
    const said = all("textarea[name=note], textarea[name^=remark-]", form).some((field) => field.value.trim());
    const missing = form.matches("[data-decision]") && outcome && outcome !== "approve" && !said;
    const told = form.querySelector("[data-note-missing]");
    if (told) told.hidden = !missing;
    if (missing) {
      event.preventDefault();
      form.elements.note.focus();
    }
    return missing;
  }

  // A second click on a slow link must not send a decision twice.
  document.addEventListener("submit", (event) => {
    if (noteMissing(event)) return;
    if (event.target.dataset.sent && event.target.method === "post") event.preventDefault();
    else if (event.target.matches("[data-once]")) event.target.dataset.sent = "1";
  });
  addEventListener("pageshow", () => all("[data-sent]").forEach((form) => delete form.dataset.sent));

  function start(root) {
    all("[data-words-for]", root).forEach((output) => {
      const field = document.getElementById(output.dataset.wordsFor);
      if (field) countWords(field);
    });
    all("[name$=-DELETE]:checked", root).forEach((box) => box.closest("[data-row]").classList.add("row-going"));
    all("[data-rows]", root).forEach((table) => { foldRows(table); addUp(table); });
    all("[data-keys-switch]", root).forEach((box) => { box.checked = keysOn(); });
    root.querySelector("[data-focus]")?.focus();
    openFirst();
  }

  document.addEventListener("DOMContentLoaded", () => start(document));
  document.addEventListener("htmx:afterSettle", () => start(document.getElementById("pane") ?? document));
  addEventListener("beforeprint", () => all("details.sheet").forEach((sheet) => { sheet.open = true; }));
})();
