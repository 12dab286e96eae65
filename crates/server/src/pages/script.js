"use strict";
// Everything works without this script. It adds two things: what others change shows itself, and keys.
(() => {
  const body = document.body;
  const main = document.getElementById("main");
  const news = document.getElementById("news");

  // News: a page on which nothing was typed is brought up to date where it stands; on any other a line offers to.
  const live = () => {
    if (!body.dataset.events || !main || !news || !window.EventSource) return;
    // Hidden fields differ each time, and show nothing.
    const seen = (element) => element.innerHTML.replace(/<input type="hidden"[^>]*>/g, "");
    let known = seen(main);
    let composing = false;
    document.addEventListener("compositionstart", () => { composing = true; });
    document.addEventListener("compositionend", () => { composing = false; });

    const differs = (field) =>
      field.type === "hidden" ? false
        : field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
          : field.tagName === "SELECT" ? isChosen(field)
            : field.value !== field.defaultValue;
    // A list in which no option is marked stands on its first.
    const isChosen = (list) => {
      const marked = Array.from(list.options).findIndex((option) => option.defaultSelected);
      return !list.multiple && list.selectedIndex !== Math.max(marked, 0);
    };
    // What the server gave back to be mended holds what was typed, too.
    const isTouched = () => composing || main.querySelector("[data-still], .wrong, [role='alert']") !== null
      || Array.from(main.querySelectorAll("input, textarea, select")).some(differs);

    // By what an element is found again in the fresh page.
    const trace = (element) => {
      if (!element || !main.contains(element) || element === main) return null;
      if (element.id) return { selector: `#${CSS.escape(element.id)}`, at: 0 };
      const name = ["name", "href", "action"].find((attribute) => element.hasAttribute(attribute));
      const own = name ? `[${name}="${CSS.escape(element.getAttribute(name))}"]` : "";
      const selector = element.tagName.toLowerCase() + own;
      return { selector, at: Array.from(main.querySelectorAll(selector)).indexOf(element) };
    };
    const found = (mark) => mark && main.querySelectorAll(mark.selector)[mark.at];

    const show = (fresh) => {
      const focused = trace(document.activeElement);
      const place = document.activeElement && "selectionStart" in document.activeElement
        ? document.activeElement.selectionStart : null;
      const unfolded = Array.from(main.querySelectorAll("details")).map((one) => [trace(one.querySelector("summary")), one.open]);
      const top = window.scrollY;
      main.replaceChildren(...fresh.childNodes);
      for (const [mark, open] of unfolded) {
        const summary = found(mark);
        if (summary) summary.parentElement.open = open;
      }
      window.scrollTo({ top, behavior: "instant" });
      const again = found(focused);
      if (again) {
        again.focus({ preventScroll: true });
        if (place !== null && again.setSelectionRange) try { again.setSelectionRange(place, place); } catch { /* no text */ }
      }
    };

    let asking = false;
    const refresh = async () => {
      if (asking) return again();
      asking = true;
      try {
        const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
        // Logged out meanwhile, or the page is gone: what is here stays to be read.
        if (!answer.ok || answer.redirected) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("main");
        if (!fresh || seen(fresh) === known) return;
        if (isTouched()) return offer();
        known = seen(fresh);
        show(fresh);
        document.title = page.title;
        say("Brought up to date");
      } catch { /* The connection comes back by itself. */ } finally { asking = false; }
    };

    let ending = 0;
    const say = (words) => {
      news.textContent = words;
      clearTimeout(ending);
      ending = setTimeout(() => { news.textContent = ""; }, 4000);
    };
    const offer = () => {
      clearTimeout(ending);
      const link = document.createElement("a");
      link.href = location.href;
      link.textContent = "Show it";
      news.replaceChildren("Somebody changed the notebook. ", link);
    };

    let waiting = 0;
    let missed = false;
    const again = () => {
      if (document.hidden) { missed = true; return; }
      missed = false;
      clearTimeout(waiting);
      waiting = setTimeout(refresh, 200);
    };
    document.addEventListener("visibilitychange", () => { if (!document.hidden && missed) again(); });

    let events = null;
    let pause = 1000;
    const listen = () => {
      let broken = false;
      events = new EventSource(body.dataset.events);
      events.addEventListener("commit", again);
      events.addEventListener("open", () => {
        pause = 1000;
        // What came while nobody listened is not told again.
        if (broken) again();
        broken = false;
      });
      events.addEventListener("error", () => {
        broken = true;
        if (!events || events.readyState !== EventSource.CLOSED) return;
        setTimeout(() => { if (events) { listen(); again(); } }, pause);
        pause = Math.min(pause * 2, 60000);
      });
    };
    listen();
    // Whoever goes back after somebody logged out sees the login, not what the history kept.
    const wake = async () => {
      try {
        const answer = await fetch(location.href, { credentials: "same-origin" });
        if (answer.redirected) return location.replace(answer.url);
      } catch { /* No server, no way to tell. */ }
      listen();
      again();
    };
    // A page that sleeps in the browser's history must hold no connection, and wakes with old news.
    window.addEventListener("pagehide", () => { if (events) events.close(); events = null; });
    window.addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
  };

  // Keys: one letter each, none while somebody types, and whoever does not want them turns them off.
  const keys = () => {
    const OFF = "tickler-keys-off";
    const stored = (change) => { try { return change(window.localStorage); } catch { return null; } };
    let off = stored((store) => store.getItem(OFF)) === "1";
    const button = document.getElementById("keys-off");
    if (button) {
      const label = () => { button.textContent = off ? "Turn the keys on" : "Turn the keys off"; };
      button.hidden = false;
      label();
      button.addEventListener("click", () => {
        off = !off;
        stored((store) => (off ? store.setItem(OFF, "1") : store.removeItem(OFF)));
        label();
      });
    }

    const isTyping = (element) => element.isContentEditable
      || element.matches("textarea, select, input:not([type='checkbox']):not([type='radio']):not([type='submit'])");
    const go = (key) => {
      const link = document.querySelector(`a[data-key="${CSS.escape(key)}"]`);
      if (link) link.click();
    };
    const names = () => Array.from(document.querySelectorAll("main a.name")).filter((link) => link.offsetParent);
    const step = (by) => {
      const all = names();
      const at = all.indexOf(document.activeElement);
      const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
      if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
    };
    const log = () => {
      const form = document.querySelector("main form[action$='/log']");
      const field = form && form.querySelector("textarea, select, input:not([type='hidden'])");
      if (field) {
        for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
        field.focus();
      } else if (names().includes(document.activeElement)) location.href = `${document.activeElement.href}#log`;
    };
    const help = () => {
      const list = document.getElementById("keys");
      if (!list) return;
      list.open = !list.open;
      list.querySelector("summary").focus();
      if (list.open) list.scrollIntoView({ block: "end" });
    };
    const one = {
      "/": () => { const box = document.getElementById("q") || document.getElementById("find"); if (box) { box.focus(); box.select(); } },
      "j": () => step(1),
      "k": () => step(-1),
      "o": () => { if (names().includes(document.activeElement)) document.activeElement.click(); },
      "l": log,
      "n": () => go("n"),
      "?": help,
    };

    let going = 0;
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target instanceof Element ? event.target : body;
      if (event.key === "Escape") {
        const menu = document.querySelector("details.menu[open]");
        if (menu) { menu.open = false; menu.querySelector("summary").focus(); } else if (isTyping(target)) target.blur();
        return;
      }
      if (off || isTyping(target)) return;
      if (Date.now() - going < 1500 && "tcpmrs".includes(event.key)) {
        going = 0;
        event.preventDefault();
        go(event.key);
      } else if (event.key === "g") {
        going = Date.now();
      } else if (Object.hasOwn(one, event.key)) {
        event.preventDefault();
        one[event.key]();
      }
    });
    document.addEventListener("click", (event) => {
      const menu = document.querySelector("details.menu[open]");
      if (menu && !menu.contains(event.target)) menu.open = false;
    });
  };

  live();
  keys();
})();
