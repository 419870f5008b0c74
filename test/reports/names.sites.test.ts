import { afterAll, beforeAll, expect, test } from "vitest";
import { openSamples, plain, type SampleSites } from "./site-visits.ts";

/** What would be markup, the end of the page's own script, or an entity, if it were not written as text. */
const NAME = `Habitat <mark>"d'Or"</mark> </script><script>document.title = "pris"</script> {1 + 1} \${2} &amp; Fils --> src="logo.png" href="http://"`;

let sites: SampleSites;

beforeAll(async () => {
  sites = await openSamples("managers", { named: { landlord: NAME } });
});
afterAll(() => sites?.close());

test.each(["/", "/alertes/", "/agences/A02/", "/indicateurs/share_3_terms/"])(
  "%s: a name with HTML in it is text, as the file tells it and once the page's script has run",
  async (path) => {
    const { page, problems, address } = await sites.visit("named", path, 1280);
    expect(await page.title()).toContain(NAME);
    expect(await page.locator("main mark").count()).toBe(0);
    if (path === "/") expect(plain(await page.locator(".above").first().innerText())).toBe(NAME);
    expect(problems).toEqual([]);
    await page.context().close();
    const html = await (await fetch(`${address}${path}`)).text();
    expect(html).not.toContain('<script>document.title = "pris"');
    expect(html).not.toContain("<mark>");
  },
);
