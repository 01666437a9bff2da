// A file is hashed here; only its SHA-256 is sent. Without this script, or where the page did not
// come over HTTPS (browsers then have no crypto.subtle), the form sends the file as it stands.
"use strict";

(() => {
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const element = (tag, name, text) => {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  };

  const tell = (place, tone, title, text) => {
    const inside = document.createElement("div");
    if (title) inside.append(element("p", "notice-title", title));
    inside.append(element("p", "", text));
    const notice = element("div", `notice notice-${tone}`, "");
    notice.append(inside);
    place.replaceChildren(notice);
  };

  const isHere = (box, found) => Boolean(box.dataset.token) && found.instrument.url.includes(box.dataset.token);

  const judged = (box, found) => {
    const words = box.dataset;
    if (words.token && found.instrument && !isHere(box, found)) return ["warning", words.another];
    if (found.verdict === "TOTAL-PASSED") return ["success", words.passed];
    // On the page of one document it is enough to know that these are not its bytes.
    if (found.verdict === "TOTAL-FAILED" || words.token) return ["error", words.failed];
    return ["warning", words.unknown];
  };

  // Whether an unknown file is a changed document of ours only its bytes tell: the person may send them.
  const examination = (box) => {
    const button = element("button", "btn", box.dataset.examine);
    button.type = "button";
    button.dataset.examineFile = "";
    button.addEventListener("click", () => box.querySelector("form").submit());
    const line = element("p", "", "");
    line.append(button);
    return line;
  };

  const show = (box, place, found) => {
    const [tone, title] = judged(box, found);
    tell(place, tone, title, found.reason);
    place.append(element("p", "verdict-word", found.verdict));
    if (!found.instrument) place.append(examination(box));
    if (!found.instrument || isHere(box, found)) return;
    const link = element("a", "", found.instrument.name);
    // The page on this very server, whatever name it has to the world.
    link.href = new URL(found.instrument.url).pathname;
    const line = element("p", "", "");
    line.append(link);
    place.append(line);
  };

  const check = async (box, file) => {
    const place = box.querySelector("[data-answer]");
    tell(place, "info", "", box.dataset.busy);
    try {
      const sha256 = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      const answer = await fetch(`${box.dataset.hashUrl}${sha256}/`, { headers: { Accept: "application/json" } });
      const found = await answer.json();
      if (answer.ok) show(box, place, found);
      else tell(place, "error", "", found.error ?? box.dataset.unanswered);
    } catch {
      tell(place, "error", "", box.dataset.unanswered);
    }
  };

  const listen = (box) => {
    const form = box.querySelector("form");
    const input = form.querySelector("input[type=file]");
    const hint = box.querySelector("[data-hint]");
    hint.textContent = hint.dataset.hintScript;
    const over = (inside) => box.classList.toggle("check-file-over", inside);
    box.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
    box.addEventListener("dragleave", () => over(false));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      const file = event.dataTransfer.files[0];
      if (!file) return;
      input.files = event.dataTransfer.files;
      check(box, file);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.files[0]) check(box, input.files[0]);
    });
    // A file of the same name that has changed meanwhile is a choice as well.
    input.addEventListener("click", () => { input.value = ""; });
    input.addEventListener("change", () => { if (input.files[0]) check(box, input.files[0]); });
  };

  if (window.crypto?.subtle) document.querySelectorAll("[data-check-file]").forEach(listen);
})();
