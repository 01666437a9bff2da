// The picture beside a draft follows what is typed. Without JavaScript it shows what was last saved.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const side = document.querySelector("[data-live-preview]");
  const frame = () => side?.querySelector(".preview-frame:not(.preview-next)");
  // On a phone there is no picture, and some browsers save a PDF instead of showing it: nothing is
  // laid out for nobody.
  if (!frame()?.offsetParent || navigator.pdfViewerEnabled === false) return;

  const PAUSE = 1000;
  const WAIT = 60_000;
  const form = side.closest("form");
  const fault = side.querySelector("[data-live-fault]");
  const [view] = frame().src.split("#").slice(1);
  let timer = 0;
  let asked = false;
  let again = false;
  let took = 0;
  let place = "";
  let shown = "";

  // Where the typed text is printed; a clause that is moved or taken out leaves the place as it was.
  function placeOf(field) {
    const row = field.closest("[data-row]");
    if (!row) return field.name === "legal_sources" ? "legal_sources-1" : place;
    const table = row.closest("[data-rows]").dataset.rows;
    if (table === "copy_recipients") return "copy_recipients-1";
    const printed = [...row.parentElement.children].filter((one) => (
      one.querySelector("textarea")?.value.trim() && !one.querySelector("[name$=-DELETE]")?.checked));
    return printed.includes(row) ? `${table}-${printed.indexOf(row) + 1}` : place;
  }

  function tell(sentences) {
    const box = fault.firstElementChild;
    box.querySelector("ul").replaceChildren(...sentences.map((sentence) => {
      const line = document.createElement("li");
      line.textContent = sentence;
      return line;
    }));
    box.hidden = !sentences.length;
  }

  // The next picture is drawn above the present one, unseen, so that nothing flashes.
  function show(pdf) {
    const old = frame();
    const next = old.cloneNode();
    const address = URL.createObjectURL(pdf);
    next.removeAttribute("loading");
    next.classList.add("preview-next");
    next.src = `${address}#${view}${place ? `&nameddest=${place}` : ""}`;
    return new Promise((done) => {
      next.addEventListener("load", () => setTimeout(() => {
        old.remove();
        if (shown) URL.revokeObjectURL(shown);
        shown = address;
        next.classList.remove("preview-next");
        side.querySelector(".preview a").href = address;
        done();
      }, 300), { once: true });
      old.after(next);
    });
  }

  async function answered() {
    const answer = await fetch(side.dataset.livePreview, {
      method: "POST", body: new FormData(form), signal: AbortSignal.timeout(WAIT),
    });
    const type = answer.headers.get("Content-Type") ?? "";
    if (answer.ok && type.startsWith("application/pdf")) {
      await show(await answer.blob());
      return [];
    }
    if (type.startsWith("application/json")) return (await answer.json()).sentences;
    throw new TypeError(answer.status);
  }

  // One at a time: what is typed meanwhile is asked for when the answer is there, the newest alone.
  async function ask() {
    again = asked;
    if (asked) return;
    asked = true;
    const start = performance.now();
    try {
      tell(await answered());
    } catch {
      tell([fault.dataset.failed]);
    }
    took = performance.now() - start;
    asked = false;
    if (again) later();
  }

  // A slow machine is left as long to itself as the last picture took.
  function later() {
    again = false;
    clearTimeout(timer);
    timer = setTimeout(ask, Math.max(PAUSE, took));
  }

  form.addEventListener("input", (event) => {
    if (!event.target.closest(".drafting")) return;
    place = placeOf(event.target);
    later();
  });
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented) clearTimeout(timer); });

  const says = side.querySelector("[data-live-says]");
  says.textContent = says.dataset.liveSays;
  if ("liveNow" in side.dataset) later();
});
