// Keeps the overview up to date, but never under the hands of who is reading in it.
const automatic = document.getElementById('automatic');
const main = document.querySelector('main');
const clock = document.querySelector('.clock');
automatic.parentElement.hidden = false;

async function refresh() {
  if (!automatic.checked || document.hidden || main.contains(document.activeElement) || main.querySelector('details[open]'))
    return;
  try {
    const answer = await fetch('/');
    if (!answer.ok)
      return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    main.replaceChildren(...page.querySelector('main').childNodes);
    clock.textContent = page.querySelector('.clock').textContent;
  } catch {
    // The clock stands still until the program answers again.
  }
}

setInterval(refresh, 5000);
