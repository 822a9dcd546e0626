// A double click sends a form once. The button keeps its focus and name, so aria-disabled rather than disabled.
const sent = new WeakSet();

function release(form) {
  sent.delete(form);
  form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (sent.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  sent.add(form);
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => release(form), 8000); // an answer that leaves the page standing, such as a download
}, true);

// htmx has its answer, or the page was brought back by the Back button: the form may be sent again.
document.addEventListener("htmx:finally:request", (event) => {
  const form = event.target.closest?.("form");
  if (form) release(form);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form").forEach(release);
});
