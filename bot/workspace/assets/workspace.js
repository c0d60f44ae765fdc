// What htmx does not do by itself: the dialog opens and closes, chats stay at their end, focus goes where it is needed.
(function () {
  "use strict";

  const dialog = () => document.getElementById("dialog");
  let before = null; // what had the focus when the dialog opened
  let pressedInForm = false; // whether the answer that comes is to a button pressed inside a form
  let typed = false; // whether something was typed in the form that is open
  let kept = null; // a form with what was typed in it, while something else is looked at in its place

  function follow() {
    const box = dialog();
    const body = document.getElementById("dialog-body");
    if (!box || !body) return;
    const full = body.children.length > 0;
    if (full && !box.open) {
      before = document.activeElement;
      box.showModal();
    } else if (!full && box.open) {
      box.close();
    }
    const back = body.querySelector(".back");
    if (back) back.hidden = kept === null;
    if (full) focusIn(body);
  }

  function focusIn(part) {
    const wanted = part.querySelector("[role=alert][data-focus]") || part.querySelector("[data-focus]");
    if (wanted) wanted.focus();
  }

  // Looking at something else must not cost what was typed: the form itself is put aside, and comes back as it was.
  function putAside(body) {
    const form = body.querySelector("form[hx-post]");
    if (!pressedInForm) {
      kept = null;
    } else if (form && kept === null) {
      kept = document.createDocumentFragment();
      kept.append(...body.childNodes);
    }
  }

  function bringBack() {
    const body = document.getElementById("dialog-body");
    if (!body || kept === null) return;
    body.replaceChildren(kept);
    kept = null;
    focusIn(body);
  }

  function close() {
    kept = null;
    const body = document.getElementById("dialog-body");
    if (body) body.replaceChildren();
    const box = dialog();
    if (box && box.open) box.close();
  }

  // To the end; of a message longer than there is room for, to where it begins.
  function toEnd(chat) {
    chat.scrollTop = chat.scrollHeight;
    const last = [...chat.querySelectorAll("article")].pop();
    const above = last ? chat.getBoundingClientRect().top - last.getBoundingClientRect().top : 0;
    if (above > 0) chat.scrollTop -= above;
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target && target.closest("[data-close]")) close();
    if (target && target.closest("[data-back]")) bringBack();
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const path = event.detail.requestConfig ? event.detail.requestConfig.path : "";
    if (path.includes("/seats/")) pressedInForm = path.endsWith("/press") && Boolean(event.detail.elt.closest("#dialog-body"));
  });

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.detail.target && event.detail.target.id === "dialog-body") putAside(event.detail.target);
  });

  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const target = event.detail.target;
    if (!target) return;
    if (target.id === "dialog-body") follow();
    if (target.id === "problems") focusIn(document.getElementById("problems"));
    if (target.classList && target.classList.contains("chat")) toEnd(target);
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (form instanceof HTMLFormElement && form.hasAttribute("data-line") && event.detail.successful) form.reset();
    if (event.detail.requestConfig && event.detail.requestConfig.verb === "post") {
      const refused = event.detail.xhr && event.detail.xhr.status >= 400 && event.detail.xhr.status < 500;
      trouble(event.detail.successful ? "" : refused ? event.detail.xhr.responseText.trim() : NO_ANSWER);
    }
    window.setTimeout(recover);
  });

  // What was done and did not arrive is said where it was done; what was typed stays.
  const NO_ANSWER = "The bot did not answer, and nothing was done. What you typed is still here: try again in a moment.";

  function trouble(words) {
    const said = document.getElementById("trouble");
    if (said) said.remove();
    if (!words) return;
    const line = document.createElement("p");
    line.id = "trouble";
    line.className = "trouble";
    line.setAttribute("role", "alert");
    line.textContent = words.slice(0, 300);
    const box = dialog();
    (box && box.open ? box : document.getElementById("main")).prepend(line);
    line.scrollIntoView({ block: "nearest" });
  }

  // Focus that is lost because its button was disabled or its message redrawn goes back to it, or to what holds it.
  let trail = [];
  document.addEventListener("pointerdown", () => { trail = []; });
  document.addEventListener("focusin", (event) => {
    trail = [];
    for (let one = event.target; one instanceof Element; one = one.parentElement) if (one.id) trail.push(one.id);
  });

  function recover() {
    if (document.activeElement && document.activeElement !== document.body) return;
    for (const id of trail.slice()) {
      const found = document.getElementById(id);
      if (found) found.focus({ preventScroll: true });
      if (found && document.activeElement === found) return;
    }
  }

  document.addEventListener("htmx:sseMessage", (event) => {
    if (event.detail && event.detail.type === "over") window.location.reload();
  });

  // A browser opens six connections to one address, and a stream keeps one: a tab that nobody sees lets its own go.
  class Stream extends EventTarget {
    constructor(address) {
      super();
      this.address = address;
      this.source = null;
      this.closed = false;
      this.follows = () => (document.hidden ? this.rest() : this.begin());
      document.addEventListener("visibilitychange", this.follows);
      this.follows();
    }

    get readyState() {
      return this.closed ? EventSource.CLOSED : EventSource.OPEN;
    }

    begin() {
      if (this.closed || this.source) return;
      const source = new EventSource(this.address);
      for (const type of ["news", "over"]) {
        source.addEventListener(type, (event) => this.dispatchEvent(new MessageEvent(type, { data: event.data })));
      }
      source.addEventListener("error", () => {
        if (source.readyState !== EventSource.CLOSED || this.source !== source) return; // it tries again by itself
        this.rest();
        window.setTimeout(this.follows, 2000);
      });
      this.source = source;
    }

    rest() {
      if (this.source) this.source.close();
      this.source = null;
    }

    close() {
      this.closed = true;
      document.removeEventListener("visibilitychange", this.follows);
      this.rest();
    }
  }

  window.htmx.createEventSource = (address) => new Stream(address);

  // One case, told step by step: it plays by itself, and stops where somebody stops it.
  function player(box) {
    const steps = Array.from(box.querySelectorAll("[data-step]"));
    const at = box.querySelector("[data-at]");
    const play = box.querySelector("[data-play]");
    let shown = 1;
    let timer = null;

    function draw(focus) {
      steps.forEach((step, number) => { step.hidden = number >= shown; });
      at.textContent = "Step " + shown + " of " + steps.length;
      const last = steps[shown - 1];
      if (last) {
        last.scrollIntoView({ block: "nearest" });
        if (focus) last.focus({ preventScroll: true });
      }
      if (shown >= steps.length) stop();
    }

    function go(by, focus) {
      shown = Math.min(steps.length, Math.max(1, shown + by));
      draw(focus);
    }

    function stop() {
      window.clearInterval(timer);
      timer = null;
      play.textContent = "Play";
      play.setAttribute("aria-pressed", "false");
    }

    function start() {
      if (shown >= steps.length) shown = 1;
      timer = window.setInterval(() => go(1, false), Number(box.dataset.seconds) * 1000);
      play.textContent = "Pause";
      play.setAttribute("aria-pressed", "true");
      draw(false);
    }

    play.addEventListener("click", () => (timer === null ? start() : stop()));
    box.querySelector("[data-on]").addEventListener("click", () => { stop(); go(1, true); });
    box.querySelector("[data-back]").addEventListener("click", () => { stop(); go(-1, true); });
    box.querySelector("[data-all]").addEventListener("click", () => { stop(); shown = steps.length; draw(true); });
    box.addEventListener("click", (event) => { if (event.target.closest("[data-step]") && timer !== null) stop(); });
    start();
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-player]").forEach(player);
    document.querySelectorAll(".chat").forEach(toEnd);
    const box = dialog();
    if (box) {
      box.addEventListener("input", () => { typed = true; });
      box.addEventListener("cancel", (event) => {
        if (typed && box.querySelector("form[hx-post]")) event.preventDefault(); // Escape is no answer to what was typed
      });
      box.addEventListener("close", () => {
        typed = false;
        kept = null;
        const body = document.getElementById("dialog-body");
        if (body) body.replaceChildren();
        if (before && document.contains(before)) before.focus();
      });
    }
  });
})();
