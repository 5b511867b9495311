// Puts the text of a chosen file into a field: <input type="file" data-into="name of the field">.
for (const input of document.querySelectorAll("[data-into]")) {
  input.addEventListener("change", async () => {
    const file = input.files[0];
    const field = input.form.elements[input.dataset.into];
    if (file && file.size <= 4_194_304) field.value = await file.text();
    field.setCustomValidity(file && file.size > 4_194_304 ? "The file is larger than 4 MiB." : "");
    field.reportValidity();
  });
}
