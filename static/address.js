"use strict";
// Where the fields of an address depend on a choice, choosing fetches them: it presses the button that stands below.
// Not from the keyboard, where each arrow key is a change: there one presses the button oneself.
{
  let byKeyboard = false;
  document.addEventListener("keydown", () => (byKeyboard = true), true);
  document.addEventListener("pointerdown", () => (byKeyboard = false), true);

  document.addEventListener("change", (event) => {
    const name = event.target.name;
    const button = name && event.target.form?.querySelector(`button[name="reload"][value="${CSS.escape(name)}"]`);
    if (button && !byKeyboard) button.click();
  });
}
