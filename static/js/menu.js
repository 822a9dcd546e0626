// <details data-menu>: closes on Escape, on a click outside and when focus leaves. One open at a time.
function close(menu, refocus) {
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
}

function closeOthers(target) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(target)) close(menu, false);
  });
}

document.addEventListener("click", (event) => closeOthers(event.target));
document.addEventListener("focusin", (event) => closeOthers(event.target));
document.addEventListener("submit", (event) => {
  const menu = event.submitter?.closest("details[data-menu][open]");
  if (menu) close(menu, true);
});
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (!menu) return;
  if (event.key === "Escape") close(menu, true);
  if (event.key === "Enter" && event.target.matches("[data-shows]")) {
    event.preventDefault();
    event.target.click();
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("a, button, input")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const next = items.indexOf(document.activeElement) + step;
  items[(next + items.length) % items.length]?.focus();
});
// A box that shows a field of the line few need: once it is ticked, that field is what one wants to fill in.
document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-shows]") || !event.target.checked) return;
  close(event.target.closest("details[data-menu]"), false);
  event.target.closest("[data-line]").querySelector(`[name$=".${event.target.dataset.shows}"]`)?.focus();
});
