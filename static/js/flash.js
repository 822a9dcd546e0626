// Messages: a close button where scripts run, and a plain sentence when a request fails.
function arm(root) {
  root.querySelectorAll("[data-dismiss][hidden]").forEach((button) => { button.hidden = false; });
}

function trouble() {
  const flash = document.getElementById("flash");
  const words = document.getElementById("trouble");
  if (!flash || !words) return;
  flash.replaceChildren(words.content.cloneNode(true));
  arm(flash);
  flash.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (!button) return;
  button.closest(".flash").remove();
  document.getElementById("main")?.focus({ preventScroll: true });
});
document.addEventListener("htmx:after:swap", () => arm(document));
document.addEventListener("htmx:error", trouble);
document.addEventListener("htmx:response:error", (event) => {
  if (event.detail.ctx.response.status >= 500) trouble();
});
arm(document);
