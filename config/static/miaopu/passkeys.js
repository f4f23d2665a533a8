// Shows what needs a passkey where the browser knows them, and says so where one failed.
(function () {
  if (!window.PublicKeyCredential) return
  for (const element of document.querySelectorAll('[data-passkey]')) element.hidden = false
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    for (const element of document.querySelectorAll('[data-passkey-failed]')) element.hidden = false
  })
})()
