// Passkeys: the one thing about accounts that a browser does not do without a script. It asks the browser for a
// passkey and sends its answer as an ordinary form. Where the browser has none, the form stays hidden.
const form = document.querySelector("form[data-passkey]")

function asked(kind, options) {
  return kind === "create"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
}

async function send(event) {
  event.preventDefault()
  const said = form.querySelector("[role=status]")
  said.textContent = ""
  try {
    const credential = await asked(form.dataset.passkey, JSON.parse(form.dataset.options))
    form.elements.credential.value = JSON.stringify(credential)
    form.submit()
  } catch {
    said.textContent = form.dataset.failed
  }
}

if (form && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  form.addEventListener("submit", send)
  form.hidden = false
}
