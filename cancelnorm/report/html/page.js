"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const root = document.documentElement;

  const theme = document.getElementById("theme");
  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const nameTheme = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; nameTheme(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
  nameTheme();
  theme.hidden = false;

  // Paper cannot be unfolded.
  let closed = [];
  addEventListener("beforeprint", () => { closed = all("details:not([open])"); for (const one of closed) one.open = true; });
  addEventListener("afterprint", () => { for (const one of closed) one.open = false; });

  const form = document.getElementById("filters");
  if (!form) return;
  const { text, rule, venue } = form.elements;
  const items = all(".finding").map((node) => {
    const section = node.closest(".rule");
    const around = `${section.querySelector("summary").textContent} ${section.querySelector("dl").textContent} ${node.closest(".place").querySelector("h4").textContent}`;
    return { node, rule: section.dataset.rule, severity: section.dataset.severity, venue: node.dataset.venue,
      text: `${around} ${node.textContent}`.toLowerCase() };
  });
  const apply = () => {
    const wanted = text.value.trim().toLowerCase().split(/\s+/);
    const severities = new Set(all("[name=severity]:checked", form).map((box) => box.value));
    let shown = 0;
    for (const item of items) {
      const fits = severities.has(item.severity) && (rule.value === "" || item.rule === rule.value)
        && (venue.value === "*" || item.venue === venue.value) && wanted.every((word) => item.text.includes(word));
      item.node.hidden = !fits;
      shown += fits;
    }
    const isFiltered = shown < items.length;
    for (const rest of all(".rest")) rest.open = isFiltered && rest.querySelector(".finding:not([hidden])") !== null;
    for (const group of all(".rest, .place, .rule")) group.hidden = !group.querySelector(".finding:not([hidden])");
    document.getElementById("count").textContent = `${shown.toLocaleString("en")} of ${items.length.toLocaleString("en")} shown`;
    document.getElementById("none").hidden = shown > 0;
  };
  form.addEventListener("input", apply);
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  form.hidden = false;
  apply();

  for (const link of all("[data-jump]")) {
    link.addEventListener("click", () => {
      form.reset();
      for (let at = document.querySelector(link.hash).firstElementChild; at; at = at.parentElement.closest("details")) at.open = true;
    });
  }

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(button.textContent);
    } catch {
      getSelection().selectAllChildren(button);
      document.execCommand("copy");
    }
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1200);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".copy");
    if (button) copy(button);
  });
})();
