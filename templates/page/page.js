// The page works without this. With it, answers come into the page, so that the files chosen stay chosen.
"use strict";

const byId = (id) => document.getElementById(id);

// The names and sizes of the files chosen, and whether they are too many.
function list(input) {
  const shown = byId(input.dataset.list);
  if (!shown) return;
  shown.replaceChildren();
  let bytes = 0;
  for (const file of input.files) {
    bytes += file.size;
    const item = document.createElement("li");
    item.textContent = `${file.name} (${Math.max(1, Math.round(file.size / 1024))} KB)`;
    shown.append(item);
  }
  const form = input.form;
  const many = input.files.length > Number(form.dataset.files);
  const large = bytes > Number(form.dataset.bytes);
  input.setCustomValidity(many ? input.dataset.many : large ? input.dataset.large : "");
  if (many || large) input.reportValidity();
}

for (const input of document.querySelectorAll("input[data-list]")) {
  input.addEventListener("change", () => list(input));
  // A browser that goes back shows the files again.
  list(input);
}

for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = byId(zone.dataset.drop);
  const over = (on) => (event) => {
    event.preventDefault();
    zone.classList.toggle("over", on);
  };
  zone.addEventListener("dragenter", over(true));
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer.files.length > 0) {
      input.files = event.dataTransfer.files;
      list(input);
    }
  });
}

// A file dropped beside the zone would replace the page.
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());

let running = null;

async function send(form, button) {
  const status = byId("status");
  const result = byId(form.dataset.part);
  if (running) running.abort();
  running = new AbortController();
  const { signal } = running;
  status.textContent = status.dataset.working;
  form.setAttribute("aria-busy", "true");
  try {
    const address = button && button.hasAttribute("formaction") ? button.formAction : form.action;
    const answer = await fetch(address, {
      method: "POST",
      body: new FormData(form),
      headers: { "x-part": "1" },
      signal,
    });
    const text = await answer.text();
    // A login that ended, or a page that is out of date: the whole page tells.
    if (answer.redirected) return window.location.assign(answer.url);
    result.innerHTML = text;
    result.hidden = false;
    status.textContent = answer.ok ? status.dataset.done : "";
    result.focus();
    result.scrollIntoView();
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = status.dataset.failed;
  } finally {
    if (!signal.aborted) form.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.dataset.part || (button && button.hasAttribute("data-native"))) return;
  const needed = button && button.dataset.needs && byId(button.dataset.needs);
  if (needed && !needed.value) {
    event.preventDefault();
    needed.focus();
    needed.required = true;
    needed.reportValidity();
    needed.required = false;
    return;
  }
  event.preventDefault();
  send(form, button);
});
