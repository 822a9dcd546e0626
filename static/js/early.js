// A line was asked for: what is typed before it is there goes into it, not into the field that was left.
let early = null;
document.addEventListener("htmx:config:request", ({ detail }) => {
  if (detail.ctx.sourceElement.matches("[data-add-line]")) early = "";
});
document.addEventListener("keydown", (event) => {
  if (early === null || event.key.length > 1 || event.ctrlKey || event.metaKey || event.altKey) return;
  early += event.key;
  event.preventDefault();
}, true);
document.addEventListener("pointerdown", ({ target }) => { if (target.matches("input, select, textarea")) early ||= null; });
document.addEventListener("htmx:after:swap", ({ detail }) => {
  const field = document.activeElement;
  if (early === null || detail.ctx.target?.id !== "lines") return;
  if (early && field.matches("input")) {
    field.setRangeText(early, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  early = null;
});
document.addEventListener("htmx:error", () => { early = null; });
