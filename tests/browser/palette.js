// Gives a picture again as an indexed PNG: a page has few colours, and a palette of 32 a fifth of the bytes.
async (source) => {
  const pixels = await (await fetch(`data:image/png;base64,${source}`)).blob()
  const bitmap = await createImageBitmap(pixels)
  const { width, height } = bitmap
  const canvas = new OffscreenCanvas(width, height).getContext("2d")
  canvas.drawImage(bitmap, 0, 0)
  const rgba = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer)

  // The commonest colours, and for every other one the nearest of them.
  const counts = new Map()
  for (const colour of rgba) counts.set(colour, (counts.get(colour) || 0) + 1)
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 32).map(([colour]) => colour)
  const parts = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255]
  const away = (a, b) => parts(a).reduce((sum, part, i) => sum + (part - parts(b)[i]) ** 2, 0)
  const places = new Map(palette.map((colour, place) => [colour, place]))
  for (const colour of counts.keys()) {
    if (!places.has(colour)) {
      let nearest = 0
      for (let place = 1; place < palette.length; place++) {
        if (away(colour, palette[place]) < away(colour, palette[nearest])) nearest = place
      }
      places.set(colour, nearest)
    }
  }
  const lines = new Uint8Array((width + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) lines[y * (width + 1) + 1 + x] = places.get(rgba[y * width + x])
  }
  const packed = new Blob([lines]).stream().pipeThrough(new CompressionStream("deflate"))
  const data = new Uint8Array(await new Response(packed).arrayBuffer())

  const crcs = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
    return n
  })
  const chunk = (name, content) => {
    const bytes = new Uint8Array(12 + content.length)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, content.length)
    bytes.set([...name].map((letter) => letter.charCodeAt(0)), 4)
    bytes.set(content, 8)
    let crc = -1
    for (const byte of bytes.subarray(4, 8 + content.length)) crc = crcs[(crc ^ byte) & 255] ^ (crc >>> 8)
    view.setUint32(8 + content.length, ~crc)
    return bytes
  }
  const header = new DataView(new ArrayBuffer(13))
  header.setUint32(0, width)
  header.setUint32(4, height)
  header.setUint8(8, 8)
  header.setUint8(9, 3)
  const png = new Blob([
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk("PLTE", Uint8Array.from(palette.flatMap(parts))),
    chunk("IDAT", data),
    chunk("IEND", new Uint8Array()),
  ])
  const bytes = new Uint8Array(await png.arrayBuffer())
  let text = ""
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768))
  return btoa(text)
}
