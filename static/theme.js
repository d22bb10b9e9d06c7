"use strict";
// Light, dark or the system's choice, kept in this browser. Loaded in <head>, so the first paint is already right.
{
  const choices = ["auto", "light", "dark"];
  const root = document.documentElement;

  function stored() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage is off: the choice lasts for this page
    }
  }

  function choose(theme) {
    root.dataset.theme = choices.includes(theme) ? theme : "auto";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // nothing to keep it in
    }
  }

  root.dataset.theme = choices.includes(stored()) ? stored() : "auto";

  document.addEventListener("click", (event) => {
    if (event.target.closest(".theme-toggle")) {
      choose(choices[(choices.indexOf(root.dataset.theme) + 1) % choices.length]);
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
