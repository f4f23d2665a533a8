// A form with a file shows how far the sending is. Without this script it is sent all the same.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  const file = form.querySelector("input[type=file]");
  if (event.defaultPrevented || form.enctype !== "multipart/form-data" || !file || file.files.length === 0) {
    return;
  }
  event.preventDefault();
  const bar = document.createElement("progress");
  const button = form.querySelector("button[type=submit]");
  bar.max = 1;
  bar.value = 0;
  bar.className = "upload-progress";
  bar.setAttribute("aria-label", button.textContent.trim());
  button.after(bar);
  button.disabled = true;

  const request = new XMLHttpRequest();
  const sendPlainly = () => {
    bar.remove();
    button.disabled = false;
    form.submit();
  };
  request.upload.addEventListener("progress", (progress) => {
    if (progress.lengthComputable) {
      bar.value = progress.loaded / progress.total;
    }
  });
  request.addEventListener("load", () => {
    // A redirect has been followed by now; what came is shown as if the browser had gone there itself.
    const main = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
    if (!main) {
      sendPlainly();
      return;
    }
    const shown = document.adoptNode(main);
    document.querySelector("main").replaceWith(shown);
    if (request.responseURL !== form.action) {
      window.history.replaceState(null, "", request.responseURL);
    }
    if (window.htmx) {
      window.htmx.process(shown);
    }
    const told = shown.querySelector("[role=alert], [role=status]") || shown;
    told.setAttribute("tabindex", "-1");
    told.focus();
    told.scrollIntoView({block: "center"});
  });
  request.addEventListener("error", sendPlainly);
  request.open("POST", form.action);
  request.send(new FormData(form));
});
