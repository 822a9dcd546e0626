// <button data-copy="text" data-copied="Copied">: copies and says so. Hidden until there is a clipboard.
function arm(root) {
  if (!navigator.clipboard) return;
  root.querySelectorAll("[data-copy][hidden]").forEach((button) => { button.hidden = false; });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const said = button.parentElement.querySelector("[role=status]");
  if (!said) return;
  said.textContent = button.dataset.copied;
  setTimeout(() => { said.textContent = ""; }, 3000);
});
document.addEventListener("htmx:after:swap", () => arm(document));
arm(document);
