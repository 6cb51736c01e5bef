"use strict";

const chips = [...document.querySelectorAll(".chip")];
const presets = [...document.querySelectorAll("[data-preset]")];
const shown = document.querySelector(".shown");
const none = document.querySelector("[data-none]");
const paths = document.querySelector("[data-paths]");

const isOn = (button) => button.getAttribute("aria-pressed") === "true";
const press = (button, on) => button.setAttribute("aria-pressed", on);
const belongs = (chip, preset) => preset === "all" || chip.dataset.kind === preset;

function show() {
  const on = new Set(chips.filter(isOn).map((chip) => chip.dataset.label));
  for (const part of document.querySelectorAll(".run, rect")) {
    part.toggleAttribute("hidden", !on.has(part.dataset.label));
  }
  for (const button of presets) {
    press(button, chips.every((chip) => isOn(chip) === belongs(chip, button.dataset.preset)));
  }
  const total = document.querySelectorAll(".block").length;
  const count = document.querySelectorAll(".run:not([hidden]) .block").length;
  const all = `${total.toLocaleString("en")} ${total === 1 ? "block" : "blocks"}`;
  shown.textContent = count === total ? all : `${count.toLocaleString("en")} of ${all}`;
  none.hidden = count > 0;
}

for (const chip of chips) {
  chip.addEventListener("click", () => {
    press(chip, !isOn(chip));
    show();
  });
}
for (const button of presets) {
  button.addEventListener("click", () => {
    chips.forEach((chip) => press(chip, belongs(chip, button.dataset.preset)));
    show();
  });
}
paths?.addEventListener("click", () => {
  press(paths, !isOn(paths));
  document.body.classList.toggle("paths", isOn(paths));
});

const bar = document.querySelector(".filters");
if (bar) {
  show();
  const place = () => document.body.style.setProperty("--bar", `${bar.offsetHeight}px`);
  new ResizeObserver(place).observe(bar);
}
