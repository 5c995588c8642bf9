// The picture as PNG: made here of the SVG, so that the server needs nothing that draws.

const SCALE = 2; // of the picture's own size, for slides

for (const link of document.querySelectorAll("[data-png]")) {
  link.hidden = false;
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    const svg = await (await fetch(link.href)).text();
    const picture = new Image();
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = picture.naturalWidth * SCALE;
    canvas.height = picture.naturalHeight * SCALE;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const saved = document.createElement("a");
    saved.download = link.dataset.png;
    saved.href = canvas.toDataURL("image/png");
    saved.click();
  });
}
