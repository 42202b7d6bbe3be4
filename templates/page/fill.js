// The page of a sheet works without this. With it, what is to be said stands beside each item while one writes.
"use strict";

const sheet = document.querySelector("form[data-fill]");
const symbols = { error: "×", warning: "！", note: "i" };
// Items that somebody has been at; before, it is no mistake that they are empty.
const touched = new Set();
let waiting = null;
let asking = null;
let unsaved = false;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function line(remark) {
  const item = element("li", `m-${remark.severity}`);
  const badge = element("span", `badge b-${remark.severity}`);
  const symbol = element("span", "sym", symbols[remark.severity]);
  symbol.setAttribute("aria-hidden", "true");
  badge.append(symbol, ` ${remark.word}`);
  const stop = sheet.dataset.stop;
  const help = element("span", "small", `${remark.help}${stop} `);
  help.append(element("span", "code", remark.code));
  item.append(badge, " ", element("bdi", "", remark.message), `${stop} `, help);
  return item;
}

// All is said once it was asked for; until then only of what was touched.
function isShown(number) {
  return sheet.dataset.seen === "yes" || touched.has(number);
}

function count(counted, remarks) {
  for (const remark of remarks) {
    if (remark.severity === "error") counted.errors += 1;
    if (remark.severity === "warning") counted.warnings += 1;
  }
}

function show(checked) {
  let counted = { ...checked, errors: 0, warnings: 0 };
  for (const item of sheet.querySelectorAll("[data-item]")) {
    const number = item.dataset.item;
    const remarks = isShown(number) ? checked.items[number] || [] : [];
    count(counted, remarks);
    item.querySelector(".said").replaceChildren(...remarks.map(line));
    item.classList.toggle("not-asked", checked.not_asked.includes(number));
  }
  const whole = isShown("head") ? checked.whole : [];
  document.getElementById("said-whole").replaceChildren(...whole.map(line));
  count(counted, whole);
  // What was not looked at yet is not counted either; once everything was asked for, all of it is.
  if (sheet.dataset.seen === "yes") counted = checked;
  const state = sheet.dataset.count.replace(/\{(\w+)\}/g, (_, key) => counted[key]);
  const shown = document.getElementById("fill-state");
  if (shown.textContent !== state) shown.textContent = state;
}

async function ask() {
  if (asking) asking.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(sheet.dataset.fill, {
      method: "POST",
      body: new FormData(sheet),
      signal: asking.signal,
    });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    show(await answer.json());
  } catch (error) {
    if (error.name !== "AbortError") document.getElementById("fill-state").textContent = sheet.dataset.failed;
  }
}

function later(wait) {
  clearTimeout(waiting);
  waiting = setTimeout(ask, wait);
}

function grow(area) {
  area.rows = Math.min(12, Math.max(1, area.value.split("\n").length, Math.ceil(area.value.length / 40)));
}

if (sheet) {
  sheet.addEventListener("input", (event) => {
    unsaved = true;
    const item = event.target.closest("[data-item]");
    touched.add(item ? item.dataset.item : "head");
    if (event.target.tagName === "TEXTAREA") grow(event.target);
    later(event.target.type === "radio" || event.target.type === "checkbox" ? 50 : 600);
  });
  sheet.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.hasAttribute("data-save")) {
      unsaved = false;
      return;
    }
    event.preventDefault();
    sheet.dataset.seen = "yes";
    clearTimeout(waiting);
    ask().then(() => {
      const first = sheet.querySelector(".said li.m-error");
      if (first) first.closest("fieldset, ul").scrollIntoView({ block: "center" });
    });
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  for (const area of sheet.querySelectorAll("textarea")) grow(area);
  ask();
}
