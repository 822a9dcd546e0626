// "/" and Ctrl or Cmd K go to the search box; "/" not while somebody is typing.
function typing(target) {
  return target.isContentEditable || target.matches?.("input, textarea, select");
}

document.addEventListener("keydown", (event) => {
  const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target);
  const k = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  if (!slash && !k) return;
  const box = document.querySelector("[data-search]");
  if (!box) return;
  event.preventDefault();
  const sheet = box.closest("[popover]");
  if (!box.checkVisibility() && sheet) sheet.showPopover();
  box.focus();
  box.select();
});
