"use strict";

const main = document.querySelector("main");
const search = document.querySelector("input[type=search]");
const shown = document.querySelector(".shown");
const items = [...document.querySelectorAll(".item")].map((element) => ({
  element,
  text: element.textContent.toLowerCase(),
}));
const groups = [...document.querySelectorAll("details:has(.item)")];
const opened = new Set(groups.filter((group) => group.open));

function filter() {
  const wanted = search.value.trim().toLowerCase();
  let count = 0;
  for (const item of items) {
    const hit = item.text.includes(wanted);
    item.element.hidden = !hit;
    count += hit;
  }
  for (const group of groups) {
    group.open = wanted ? group.querySelector(".item:not([hidden])") !== null : opened.has(group);
  }
  main.classList.toggle("filtered", wanted !== "");
  shown.textContent = wanted && `${count.toLocaleString("en")} of ${items.length.toLocaleString("en")} entries`;
}

async function copy(button) {
  const label = (button.dataset.label ??= button.textContent);
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = label), 2000);
  } catch {
    button.textContent = button.dataset.copy;
  }
}

document.querySelector(".bar").hidden = items.length === 0;
search.addEventListener("input", filter);
document.addEventListener("click", ({ target }) => {
  if (target.matches("[data-copy]")) {
    copy(target);
  } else if (target.matches("[data-all]")) {
    const all = target.closest(".site").classList.toggle("all");
    target.setAttribute("aria-pressed", all);
  }
});
