/* Commonweal: progressive enhancement only; every page is complete without this file. */
(() => {
  "use strict";

  const announce = (text) => {
    const place = document.getElementById("announce");
    if (!place || !text) return;
    place.textContent = "";
    window.setTimeout(() => { place.textContent = text; }, 50); // an emptied region speaks again, even the same words
  };

  const copy = async (button) => {
    const before = button.innerHTML;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
      announce(`Copied ${button.dataset.copy}`);
    } catch {
      announce("Your browser did not allow copying; select the text instead.");
    }
    window.setTimeout(() => { button.innerHTML = before; }, 2000);
  };

  const under = (all) => [...all.closest("table").querySelectorAll("tbody input[type=checkbox]:enabled")];

  const showAll = (all) => { // one tick for a table's ticks; it says by itself whether none, some or all are ticked
    const ticks = under(all), ticked = ticks.filter((tick) => tick.checked).length;
    all.hidden = ticks.length < 2;
    all.checked = ticks.length > 0 && ticked === ticks.length;
    all.indeterminate = ticked > 0 && ticked < ticks.length;
  };

  const enhance = (root) => {
    if (navigator.clipboard) root.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
    root.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
    if (window.matchMedia("(max-width: 40rem)").matches) root.querySelectorAll("[data-fold]").forEach((fold) => { fold.open = false; });
    root.querySelectorAll("[data-tick-all]").forEach(showAll);
    root.querySelectorAll("[data-submit-on-change]").forEach((field) => {
      field.addEventListener("change", () => field.form.requestSubmit());
    });
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("click", (event) => { // a forbidden action stays focusable, so it must not act
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    if (event.target.type !== "checkbox") return;
    if (event.target.matches("[data-tick-all]")) {
      const ticks = under(event.target);
      ticks.forEach((tick) => { tick.checked = event.target.checked; });
      announce(event.target.checked ? `${ticks.length} ticked` : "None ticked");
    }
    event.target.closest("table")?.querySelectorAll("[data-tick-all]").forEach(showAll);
  });

  document.addEventListener("keydown", (event) => { // keys that a page gives out; none are given where they are switched off
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const there = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
    if (!there) return;
    event.preventDefault();
    if (there.matches("a")) there.click(); else { there.focus(); there.select(); }
  });

  document.addEventListener("keydown", (event) => { // j and k, or the arrows, go from tick to tick; the space bar ticks by itself
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const ticks = [...document.querySelectorAll("[data-ticks] .tick")];
    const at = ticks.indexOf(event.target);
    if (!ticks.length || (at < 0 && (event.key.startsWith("Arrow") || event.target.closest("input, select, textarea, [contenteditable]")))) return;
    event.preventDefault();
    ticks[Math.min(Math.max(at + step, 0), ticks.length - 1)].focus();
  });

  document.addEventListener("input", (event) => { // an answer on its way must not overwrite what is being typed
    if (event.target.form?.closest("[data-live]")) window.htmx?.trigger(event.target.form, "htmx:abort");
  });

  document.addEventListener("DOMContentLoaded", () => {
    enhance(document);
    document.querySelector(":is(.main, [data-live]) > .error-summary")?.focus();
    document.querySelectorAll(".nav ul, .tabs ul").forEach((list) => { // on a phone the current place may be off the edge
      const here = list.querySelector("[aria-current]");
      if (here) list.scrollLeft = here.offsetLeft - (list.clientWidth - here.clientWidth) / 2;
    });
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    enhance(event.target);
    announce(event.target.dataset.announce);
    event.target.querySelector(".error-summary")?.focus();
  });

  document.addEventListener("htmx:sendError", () => announce("The connection was lost. Trying again."));
  document.addEventListener("htmx:responseError", () => announce("The page could not be renewed. Load it again."));
})();
