// Messages: a close button where scripts run, news that is told once, and a plain sentence when a request fails.
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

// The address carries the news over one redirect; loaded again, or kept as a bookmark, it would tell it again.
function tellOnce() {
  const here = new URL(location.href);
  if (!here.searchParams.has("done")) return;
  here.searchParams.delete("done");
  history.replaceState(history.state, "", here);
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
tellOnce();
