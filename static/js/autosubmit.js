// <form data-autosubmit>: choosing is enough. The button that does it without scripts stands in <noscript>.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-autosubmit")) form.requestSubmit();
});
