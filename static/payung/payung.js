// What every page may use. Without JavaScript all of it still works, with a click or two more.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // A control that only works with JavaScript is hidden until there is some.
  const reveal = (root) => all(".js-only", root).forEach((element) => { element.hidden = false; });

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
    const total = table.querySelector(`[name="${table.dataset.rows}-TOTAL_FORMS"]`);
    const list = table.querySelector("[data-rows-list]");
    const box = document.createElement("template");
    box.innerHTML = table.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    total.value = Number(total.value) + 1;
    list.append(box.content);
    list.lastElementChild.querySelector("input:not([type=hidden]), select, textarea")?.focus();
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
    if (event.target.matches("[data-submit-on-change] :is(select, input)")) event.target.form.requestSubmit();
  });

  document.addEventListener("input", (event) => countWords(event.target));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(); });

  // A second click on a slow link must not send a decision twice.
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent && event.target.method === "post") event.preventDefault();
    else if (event.target.matches("[data-once]")) event.target.dataset.sent = "1";
  });
  addEventListener("pageshow", () => all("[data-sent]").forEach((form) => delete form.dataset.sent));

  function start(root) {
    reveal(root);
    all("[data-words-for]", root).forEach((output) => {
      const field = document.getElementById(output.dataset.wordsFor);
      if (field) countWords(field);
    });
    root.querySelector("[data-focus]")?.focus();
  }

  document.addEventListener("DOMContentLoaded", () => start(document));
  document.addEventListener("htmx:afterSwap", (event) => start(event.detail.target));
  addEventListener("beforeprint", () => all("details.sheet").forEach((sheet) => { sheet.open = true; }));
})();
