/* What every page shares: data that arrives as a script, and the buttons that need one. */
(function () {
  "use strict";

  var root = document.body ? document.body.dataset.root || "" : "";
  var values = Object.create(null);
  var waiting = Object.create(null);

  /* Stores what a data script brings, and tells whoever waited for it. */
  function ontvang(name, value) {
    values[name] = value;
    meld(name, "done");
  }

  /* What was received under a name; undefined when it is not there yet. */
  function haal(name) {
    return values[name];
  }

  /* Calls `done` with what a script of the site brings under a name, its path seen from the root; else `failed`. What
     did not come is forgotten: whoever asks again makes the browser fetch it again. */
  function laad(path, name, done, failed) {
    if (name in values) {
      done(values[name]);
      return;
    }
    var isAsked = name in waiting;
    waiting[name] = (waiting[name] || []).concat({ done: done, failed: failed });
    if (isAsked) {
      return;
    }
    var script = document.createElement("script");
    script.src = root + path;
    script.addEventListener("error", function () {
      script.remove();
      meld(name, "failed");
    });
    // A script that came and brought nothing, as when it was cut off.
    script.addEventListener("load", meld.bind(null, name, "failed"));
    document.head.appendChild(script);
  }

  function meld(name, outcome) {
    var callbacks = waiting[name] || [];
    delete waiting[name];
    callbacks.forEach(function (callback) {
      callback[outcome](values[name]);
    });
  }

  /* Puts words in place of an element that could not be filled, with a button that puts it back and tries once more. */
  function zonder(element, text, again) {
    var words = document.createElement("p");
    var button = document.createElement("button");
    words.className = "stil";
    button.type = "button";
    button.className = "knop niet-printen";
    button.textContent = "Probeer het opnieuw";
    button.addEventListener("click", function () {
      words.replaceWith(element);
      element.tabIndex = -1;
      element.focus();
      again();
    });
    words.append(text + " ", button);
    element.replaceWith(words);
  }

  /* Letters without capitals or accents and digits, one space for the rest: the same rule as on the command line. */
  function vereenvoudigd(text) {
    return text
      .normalize("NFKD")
      .replace(/[\u0300-\u036f]/g, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, " ")
      .trim();
  }

  /* The same for words in longer texts: double letters as one, so that eenzaam finds eenzame. */
  function zoektekst(text) {
    return vereenvoudigd(text).replace(/([a-z])\1+/g, "$1");
  }

  window.impactKpi = {
    ontvang: ontvang,
    haal: haal,
    laad: laad,
    zonder: zonder,
    vereenvoudigd: vereenvoudigd,
    zoektekst: zoektekst
  };

  /* Buttons that do nothing without a script are hidden in the page, and shown here. */
  document.querySelectorAll("[data-doe='print']").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      window.print();
    });
  });
})();
