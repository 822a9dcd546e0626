// htmx swaps words and forms, never code: scripts in an answer are dropped before they reach the page.
document.addEventListener("htmx:before:swap", (event) => {
  for (const task of event.detail.tasks) {
    task.fragment?.querySelectorAll?.("script").forEach((script) => script.remove());
  }
});
