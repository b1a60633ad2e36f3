// Shows at once what is typed. Without it the buttons do the same.
const form = document.getElementById('form');
const status = document.getElementById('status');
const result = document.getElementById('result');
let waiting;
let asked = 0;

async function look() {
  const mine = ++asked;
  try {
    const answer = await fetch('/sjablonen', { method: 'POST', body: new FormData(form) });
    if (!answer.ok)
      throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    // What was asked later may be answered sooner.
    if (mine !== asked)
      return;
    result.replaceChildren(...page.getElementById('result').childNodes);
    const said = page.getElementById('status').textContent;
    if (status.textContent !== said)
      status.textContent = said;
  } catch {
    if (mine === asked)
      status.textContent = 'Het beeld is niet bijgewerkt. Druk op Bekijk.';
  }
}

// Another template is opened by its button: what was typed in this one would be gone.
document.addEventListener('input', event => {
  if (event.target.id === 'sjabloon')
    return;
  clearTimeout(waiting);
  waiting = setTimeout(look, 200);
});
