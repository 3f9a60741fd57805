const page = (rows) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <title>Euclid &amp; Daughters</title>
  <style>
    :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
    body { max-width: 36rem; margin: 3rem auto; padding: 0 1rem }
    table { width: 100%; border-collapse: collapse }
    td { padding: 0.5rem 0; border-top: 1px solid #8884 }
    td:last-child { text-align: right; font-variant-numeric: tabular-nums }
    small { opacity: 0.7 }
  </style>
  <h1>Euclid &amp; Daughters</h1>
  <p>Instruments for drawing and measuring.</p>
  <table>${rows}</table>
  <p><small>An ordinary Express application with a SQLite database.</small></p>
</html>
`;

/** The start page of the shop as HTML. */
export function storefront(products) {
  const rows = products.map(
    ({ id, name, price }) =>
      `<tr><td><a href="/api/products/${id}">${name}</a><td>${(price / 100).toFixed(2)}`,
  );
  return page(rows.join(''));
}
